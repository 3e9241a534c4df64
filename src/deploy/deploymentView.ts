import type { Deployment, Service, ServiceDeployment, ServiceDeploymentBrief } from '@aws-sdk/client-ecs';
import { resourceName } from '../aws/arn';
import type { EcsGateway } from '../aws/ecsGateway';
import { UserError, type ErrorReason } from '../base/errors';

export interface DeploymentLook {
  readonly service: Service;
  readonly serviceDeployment: ServiceDeployment | undefined;
  /** Said once: why the service deployment is not looked at any more. */
  readonly notice?: string;
}

/** Clocks of two parts of ECS may differ by this much. */
const CLOCK_SKEW_MS = 5000;

/** After these there is no use in asking again. */
const LASTING: ReadonlySet<ErrorReason> = new Set(['accessDenied', 'requestRefused']);

/** Looks at one deployment: its service, and the service deployment that brings it, where that may be read. */
export class DeploymentView {
  private serviceDeploymentArn: string | undefined;
  private readable = true;

  constructor(
    private readonly ecs: EcsGateway,
    private readonly cluster: string,
    private readonly service: string,
    private readonly deployment: Pick<Deployment, 'id' | 'createdAt'>,
  ) {}

  /** @throws UserError when the service cannot be described */
  async look(signal: AbortSignal): Promise<DeploymentLook> {
    // Read before the service: what its status says is then also in the deployments.
    const { serviceDeployment, notice } = await this.lookAtServiceDeployment(signal);
    const service = await this.ecs.service(this.cluster, this.service, signal);
    return { service, serviceDeployment, ...(notice === undefined ? {} : { notice }) };
  }

  private async lookAtServiceDeployment(
    signal: AbortSignal,
  ): Promise<{ serviceDeployment: ServiceDeployment | undefined; notice?: string }> {
    if (!this.readable) {
      return { serviceDeployment: undefined };
    }
    try {
      this.serviceDeploymentArn ??= await this.find(signal);
      if (this.serviceDeploymentArn === undefined) {
        return { serviceDeployment: undefined };
      }
      const [serviceDeployment] = await this.ecs.describeServiceDeployments(
        [this.serviceDeploymentArn],
        signal,
      );
      return { serviceDeployment };
    } catch (error) {
      if (error instanceof UserError && LASTING.has(error.reason)) {
        this.readable = false;
        return {
          serviceDeployment: undefined,
          notice: `${error.message} The deployment is judged by its rollout state instead.`,
        };
      }
      throw error;
    }
  }

  private async find(signal: AbortSignal): Promise<string | undefined> {
    for await (const page of this.ecs.serviceDeployments(this.cluster, this.service, signal)) {
      return serviceDeploymentOf(page, this.deployment)?.serviceDeploymentArn;
    }
    return undefined;
  }
}

/**
 * The service deployment that brings a deployment. Its target is the service revision that carries the
 * number of the deployment's id; where numbers do not tell, it is the first that began with the deployment.
 *
 * @param page service deployments, newest first
 */
export function serviceDeploymentOf(
  page: readonly ServiceDeploymentBrief[],
  { id = '', createdAt }: Pick<Deployment, 'id' | 'createdAt'>,
): ServiceDeploymentBrief | undefined {
  const number = resourceName(id);
  const same = page.find(
    ({ targetServiceRevisionArn }) => resourceName(targetServiceRevisionArn ?? '') === number,
  );
  if (same || createdAt === undefined) {
    return same;
  }
  const earliest = createdAt.getTime() - CLOCK_SKEW_MS;
  return page.findLast((brief) => (brief.createdAt?.getTime() ?? 0) >= earliest);
}
