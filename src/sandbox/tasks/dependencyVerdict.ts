import type { Dependency } from './taskPlan';

/** What is known of the container that another one waits for. Times are epoch milliseconds. */
export interface DependencyState {
  readonly startedAt?: number;
  readonly stopped: boolean;
  readonly exitCode?: number;
  readonly healthy: boolean;
  /** Milliseconds from its start in which it has to meet the condition. */
  readonly startTimeout?: number;
}

export type DependencyVerdict =
  | { readonly kind: 'met' }
  | { readonly kind: 'waiting' }
  | { readonly kind: 'impossible'; readonly cause: string };

/**
 * Judges one `dependsOn` entry, as the ECS agent does.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDependency.html
 * @param target the container that waits
 */
export function judgeDependency(
  dependency: Dependency,
  target: string,
  state: DependencyState,
  now: number,
): DependencyVerdict {
  const names = `container ordering dependency [${dependency.container}] for target [${target}]`;
  if (isMet(dependency, state)) {
    return { kind: 'met' };
  }
  if (state.stopped) {
    const cause =
      dependency.condition === 'SUCCESS' && state.exitCode !== undefined
        ? 'as dependency did not exit successfully.'
        : 'because dependency will never start';
    return { kind: 'impossible', cause: `dependency graph: failed to resolve ${names} ${cause}` };
  }
  const { startedAt, startTimeout } = state;
  const late = startedAt !== undefined && startTimeout !== undefined && now >= startedAt + startTimeout;
  return late && dependency.condition !== 'START'
    ? { kind: 'impossible', cause: `dependency graph: ${names} has timed out.` }
    : { kind: 'waiting' };
}

function isMet({ condition }: Dependency, state: DependencyState): boolean {
  switch (condition) {
    case 'START':
      return state.startedAt !== undefined;
    case 'COMPLETE':
      return state.stopped && state.exitCode !== undefined;
    case 'SUCCESS':
      return state.stopped && state.exitCode === 0;
    case 'HEALTHY':
      return state.healthy && !state.stopped;
  }
}
