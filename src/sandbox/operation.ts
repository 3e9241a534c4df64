/** Who asks, as the signature of a request says. */
export interface RequestScope {
  readonly region: string;
  readonly accountId: string;
  /** Aborted when the client goes away or the sandbox stops. */
  readonly signal: AbortSignal;
}

/**
 * One operation: plain JSON in, plain JSON out. The input's shape has been checked before; its meaning is
 * the handler's to check. A refusal is a thrown `ServiceError`.
 */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the border: shapes are checked at run time
export type OperationHandler = (input: any, scope: RequestScope) => object | Promise<object>;

/** A service: what it does. How it is spoken to stands in its shapes, protocol/shapes.ts. */
export interface ServiceDefinition {
  /** As in the scope of a signature: "ecs". */
  readonly signingName: string;
  readonly operations: Readonly<Record<string, OperationHandler>>;
}
