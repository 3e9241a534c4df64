import type { RegisterTaskDefinitionCommandInput } from '@aws-sdk/client-ecs';
import { resourceName } from '../../aws/arn';
import type { EcsGateway } from '../../aws/ecsGateway';
import { toRegisterInput } from '../../deploy/registerInput';
import { formatTaskDefinition } from '../../taskdef/formatTaskDefinition';

/** A revision as a file shows it. */
export interface LiveRevision {
  readonly arn: string;
  /** `family:revision` */
  readonly name: string;
  readonly family: string;
  /** What registers the same again. */
  readonly definition: RegisterTaskDefinitionCommandInput;
  readonly text: string;
}

/** @param id `family` for its newest active revision, `family:revision`, or an ARN */
export async function readRevision(ecs: EcsGateway, id: string): Promise<LiveRevision> {
  const described = await ecs.taskDefinition(id);
  const { taskDefinitionArn = id, family = '' } = described.taskDefinition;
  const definition = toRegisterInput(described);
  return {
    arn: taskDefinitionArn,
    name: resourceName(taskDefinitionArn),
    family,
    definition,
    text: formatTaskDefinition(definition),
  };
}
