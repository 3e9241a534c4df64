import type { ImageDetail, Repository } from '@aws-sdk/client-ecr';
import type { TargetHealthDescription } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Cluster, Container, Deployment, Service, Task } from '@aws-sdk/client-ecs';
import { contextKey, type AwsContext } from '../aws/context';
import type { ErrorAction, ErrorReason } from '../base/errors';

/** The views of the sidebar, each a tree of its own. */
export type ExplorerView = 'registry' | 'clusters' | 'taskDefinitions';

interface NodeBase {
  /** Equal for the same resource at every loading, different for all others of all contexts. */
  readonly id: string;
  readonly context: AwsContext;
}

/** A context, as a row of its own; only where several are open side by side. */
export interface ContextNode extends NodeBase {
  readonly kind: 'context';
  readonly view: ExplorerView;
}

export interface RepositoryNode extends NodeBase {
  readonly kind: 'repository';
  readonly name: string;
  /** Registry and name, as an engine pulls it, without a tag. */
  readonly uri: string;
  readonly repository: Repository;
}

/** One digest of a repository, whatever number of tags it has. */
export interface ImageNode extends NodeBase {
  readonly kind: 'image';
  readonly repositoryName: string;
  readonly repositoryUri: string;
  readonly digest: string;
  readonly tags: readonly string[];
  readonly image: ImageDetail;
  /** "linux/arm64" or "attestation" for an image that stands under its index. */
  readonly platform?: string;
  /** The images that an index (multi-platform image) refers to; set once the index has been read. */
  readonly members?: readonly ImageNode[];
}

export interface ClusterNode extends NodeBase {
  readonly kind: 'cluster';
  readonly name: string;
  readonly arn: string;
  readonly cluster: Cluster;
}

export interface ServiceNode extends NodeBase {
  readonly kind: 'service';
  readonly name: string;
  readonly arn: string;
  readonly clusterArn: string;
  readonly service: Service;
}

/** "Tasks without a service" of a cluster, or "Stopped tasks" of a service. */
export interface TaskGroupNode extends NodeBase {
  readonly kind: 'taskGroup';
  readonly clusterArn: string;
  /** Name of the service whose stopped tasks these are. */
  readonly stoppedOf?: string;
}

export interface TaskNode extends NodeBase {
  readonly kind: 'task';
  readonly arn: string;
  readonly clusterArn: string;
  /** Name of the service that runs it, if one does. */
  readonly serviceName?: string;
  readonly task: Task;
  /** True for one that ECS no longer knows: what was seen of it before is shown. */
  readonly remembered?: true;
}

export interface ContainerNode extends NodeBase {
  readonly kind: 'container';
  readonly name: string;
  readonly container: Container;
  readonly task: TaskNode;
}

/** A folded row whose rows are part of its own data, so that opening it costs no call. */
export interface SectionNode extends NodeBase {
  readonly kind: 'section';
  /** What it holds: parts of a cluster or service, or the tasks of one group that no service runs. */
  readonly section: 'capacity' | 'deployments' | 'events' | 'networking' | 'tasks';
  readonly label: string;
  /** What the tasks of a group have in common. */
  readonly origin?: 'schedule' | 'family' | 'group';
  readonly rows: readonly ExplorerNode[];
}

/** What a cluster may place tasks on. */
export interface CapacityProviderNode extends NodeBase {
  readonly kind: 'capacityProvider';
  readonly name: string;
  /** Its part in the strategy of tasks and services that do not name one. */
  readonly byDefault?: { readonly base: number; readonly weight: number };
}

/** One of the deployments that DescribeServices gives of a service: the newest, and those that it replaces. */
export interface DeploymentNode extends NodeBase {
  readonly kind: 'deployment';
  readonly clusterArn: string;
  readonly serviceName: string;
  readonly deployment: Deployment;
  /** ARN of the task definition that the service has now. */
  readonly present?: string;
}

/** Something that a service said, as often as it said so in a row. */
export interface EventNode extends NodeBase {
  readonly kind: 'event';
  readonly message: string;
  readonly count: number;
  /** When it was said, the last time of several. */
  readonly at?: Date;
  /** When it was said first, where it was said more than once. */
  readonly since?: Date;
}

/** What connects the tasks of a service with the rest of the world. */
export interface NetworkEntryNode extends NodeBase {
  readonly kind: 'networkEntry';
  readonly entry:
    | 'subnet'
    | 'securityGroup'
    | 'publicIp'
    | 'targetGroup'
    | 'classicLoadBalancer'
    | 'serviceRegistry'
    | 'serviceConnect'
    | 'latticeTargetGroup';
  readonly name: string;
  readonly arn?: string;
  /** What of the service is behind it, as "web:80". */
  readonly target?: string;
}

/** What a target group sends requests to: a task of a service, or something else. */
export interface TargetNode extends NodeBase {
  readonly kind: 'target';
  readonly target: TargetHealthDescription;
}

/** The folded row for the roles that a revision's tasks have; they are read when it is opened. */
export interface RolesNode extends NodeBase {
  readonly kind: 'roles';
  /** ARN of the task definition. */
  readonly taskDefinition: string;
}

export interface RoleNode extends NodeBase {
  readonly kind: 'role';
  /** Without the path that the ARN may have before it. */
  readonly name: string;
  readonly arn: string;
  /** Whether the containers act as it, or ECS does for them: to pull images, write logs and read secrets. */
  readonly use: 'task' | 'execution';
}

export interface FamilyNode extends NodeBase {
  readonly kind: 'family';
  readonly family: string;
}

export interface RevisionNode extends NodeBase {
  readonly kind: 'revision';
  readonly family: string;
  readonly revision: number;
  readonly arn: string;
  /** True for one that was deregistered: nothing new can run it. */
  readonly inactive?: true;
  /** The newest active one, which a service runs when it is given the family alone. */
  readonly latest: boolean;
}

/** The folded row for the revisions of a family that were deregistered; they are listed when it is opened. */
export interface InactiveRevisionsNode extends NodeBase {
  readonly kind: 'inactiveRevisions';
  readonly family: string;
}

/** What a click on a message row does: the way out of an error, or a look at what is not shown. */
export type RowAction = ErrorAction | 'showMore' | 'clearFilter';

/** A row in place of what is not there: nothing to show, or a failure with its way out. */
export interface MessageNode extends NodeBase {
  readonly kind: 'message';
  readonly severity: 'info' | 'warning' | 'error';
  /** One short line. */
  readonly text: string;
  /** Beside the text, where the text is a resource's name. */
  readonly note?: string;
  /** The whole story. */
  readonly detail?: string;
  readonly reason?: ErrorReason;
  readonly action?: RowAction;
}

export type ExplorerNode =
  | ContextNode
  | RepositoryNode
  | ImageNode
  | ClusterNode
  | ServiceNode
  | TaskGroupNode
  | TaskNode
  | ContainerNode
  | SectionNode
  | CapacityProviderNode
  | DeploymentNode
  | EventNode
  | NetworkEntryNode
  | TargetNode
  | RolesNode
  | RoleNode
  | FamilyNode
  | RevisionNode
  | InactiveRevisionsNode
  | MessageNode;

export type NodeKind = ExplorerNode['kind'];

/** The id of a node: the context's key, then what the resource is, then what names it within the context. */
export function nodeId(context: AwsContext, kind: NodeKind, ...names: readonly string[]): string {
  return [contextKey(context), kind, ...names.map(encodeURIComponent)].join('/');
}

/** The row of a context in a view. */
export function contextNode(context: AwsContext, view: ExplorerView): ContextNode {
  return { kind: 'context', id: nodeId(context, 'context', view), context, view };
}

/** `nodeId` for many nodes that differ in the last name alone: what they share is put together once. */
export function nodeIds(
  context: AwsContext,
  kind: NodeKind,
  ...names: readonly string[]
): (name: string) => string {
  const shared = nodeId(context, kind, ...names);
  return (name) => `${shared}/${encodeURIComponent(name)}`;
}

/** The view that a node stands in; `undefined` for a message, which may stand in any. */
export function viewOf(node: ExplorerNode): ExplorerView | undefined {
  switch (node.kind) {
    case 'context':
      return node.view;
    case 'repository':
    case 'image':
      return 'registry';
    case 'cluster':
    case 'service':
    case 'taskGroup':
    case 'task':
    case 'container':
    case 'section':
    case 'capacityProvider':
    case 'deployment':
    case 'event':
    case 'networkEntry':
    case 'target':
    case 'roles':
    case 'role':
      return 'clusters';
    case 'family':
    case 'revision':
    case 'inactiveRevisions':
      return 'taskDefinitions';
    case 'message':
      return undefined;
  }
}

/** True when a node's rows are part of its own data, so that they change with it. */
export function holdsItsRows(node: ExplorerNode): boolean {
  return node.kind === 'image' || node.kind === 'task' || node.kind === 'section';
}
