import { resourceName } from '../aws/arn';
import type { EcsGateway } from '../aws/ecsGateway';
import type { RowStream } from './accumulate';
import { nodeId, type RoleNode, type RolesNode } from './explorerNode';
import { emptyMessage } from './messages';
import { row, type Row } from './row';

/** The roles that a revision names, that of its containers first. */
export async function* listRoles(parent: RolesNode, ecs: EcsGateway, signal: AbortSignal): RowStream {
  const { taskDefinition } = await ecs.taskDefinition(parent.taskDefinition, signal);
  const roleOf = (use: RoleNode['use'], arn: string | undefined): RoleNode[] =>
    arn === undefined
      ? []
      : [
          {
            kind: 'role',
            id: nodeId(parent.context, 'role', parent.id, use),
            context: parent.context,
            name: resourceName(arn),
            arn,
            use,
          },
        ];
  const roles = [
    ...roleOf('task', taskDefinition.taskRoleArn),
    ...roleOf('execution', taskDefinition.executionRoleArn),
  ];
  yield roles.length > 0 ? roles : [emptyMessage(parent, 'No roles are named')];
}

const USES = { task: 'task role', execution: 'execution role' } as const;

export function describeRole({ name, use }: RoleNode): Row {
  return row({
    label: name,
    description: USES[use],
    spoken: 'Role',
    tokens: ['role', 'named', 'arn', 'page'],
  });
}
