import type { RegisterTaskDefinitionCommandInput } from '@aws-sdk/client-ecs';

export interface DeployRequest {
  /** Name or ARN. */
  readonly cluster: string;
  /** Name or ARN. */
  readonly service: string;
  readonly image?: {
    /** Which container gets it; may be left out where the task definition has one container. */
    readonly container?: string;
    readonly uri: string;
  };
  /** `family`, `family:revision`, an ARN, or what a file says. Without it: the service's current revision. */
  readonly taskDefinition?: string | RegisterTaskDefinitionCommandInput;
}

/** What a deployment would do. Plain data: it can be shown, confirmed and executed later. */
export interface DeploymentPlan {
  readonly kind: 'plan';
  /** Name or ARN, as it was asked for. */
  readonly cluster: string;
  /** The service's name. */
  readonly service: string;
  /** ARN of the revision that the service is set to now. */
  readonly currentTaskDefinition: string;
  readonly next:
    | { readonly kind: 'register'; readonly input: RegisterTaskDefinitionCommandInput }
    | { readonly kind: 'existing'; readonly taskDefinitionArn: string };
  /** True when nothing differs from what runs: the same revision is then started anew. */
  readonly forceNewDeployment: boolean;
  /** One sentence a difference, in the order of the task definition. Empty when nothing differs. */
  readonly changes: readonly string[];
  /** What differs from a plain update and the user should know, as "the service wants no tasks". */
  readonly notices: readonly string[];
  /** Both sides as normalised JSON without read-only members, for a diff editor. */
  readonly before: string;
  readonly after: string;
}

/** The image could go into several containers: ask, then plan again with `image.container`. */
export interface ContainerChoice {
  readonly kind: 'needsContainer';
  /** Those that run an image of the same repository come first. */
  readonly candidates: readonly ContainerCandidate[];
}

export interface ContainerCandidate {
  readonly name: string;
  readonly image: string;
  readonly sameRepository: boolean;
}
