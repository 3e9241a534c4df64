export type PushStep = 'build' | 'signIn' | 'push' | 'verify';

export type PushEvent =
  | { readonly kind: 'stepStarted'; readonly step: PushStep }
  | { readonly kind: 'stepFinished'; readonly step: PushStep; readonly milliseconds: number }
  /** Steps of a build, or layers of a push, done so far and known so far. */
  | {
      readonly kind: 'progress';
      readonly step: 'build' | 'push';
      readonly current: number;
      readonly total: number;
      readonly text: string;
    }
  /** Lines of the engine's own output, each with its end. */
  | { readonly kind: 'output'; readonly text: string }
  | { readonly kind: 'warning'; readonly message: string };
