import generated from './shapes.generated.json';

/** The type of a value on the wire. A structure is named, so that shapes may contain themselves. */
export type TypeRef =
  | 'string'
  | 'number'
  | 'boolean'
  | 'timestamp'
  | 'blob'
  | 'document'
  | { readonly structure: string }
  | { readonly list: TypeRef }
  | { readonly map: TypeRef };

export interface StructureShape {
  readonly members: Readonly<Record<string, TypeRef>>;
  readonly required?: readonly string[];
  /** Exactly one member may be there. */
  readonly union?: true;
}

/** How a request of a service says which operation it is of, and what goes over the wire. */
export type WireProtocol =
  | {
      readonly kind: 'json';
      /** What `X-Amz-Target` starts with, before the dot. */
      readonly targetPrefix: string;
    }
  | { readonly kind: 'query'; readonly xmlNamespace: string; readonly version: string }
  | { readonly kind: 'rest'; readonly routes: Readonly<Record<string, Route>> };

/** The request of an operation in a REST protocol. */
export interface Route {
  readonly method: string;
  /** "/2015-02-01/file-systems/{FileSystemId}": in braces the members that stand in the path. */
  readonly path: string;
  /** Of an answer that is no error. */
  readonly status: number;
  /** Members that stand in the query, with their names there. All others are in the body. */
  readonly query: Readonly<Record<string, string>>;
}

/** What a service takes: its operations by name, with the name of their input's structure. */
export interface ServiceShapes {
  readonly protocol: WireProtocol;
  readonly operations: Readonly<Record<string, string>>;
  readonly structures: Readonly<Record<string, StructureShape>>;
}

/** Shapes by the service's name in the scope of a signature; made from the installed SDK by generateShapes.ts. */
export const SERVICE_SHAPES = generated as unknown as Readonly<Record<string, ServiceShapes>>;

/**
 * @param signingName the service's name in the scope of a signature: "ecs"
 */
export function shapesOf(signingName: string): ServiceShapes {
  const shapes = SERVICE_SHAPES[signingName];
  if (shapes === undefined) {
    throw new Error(`There are no shapes of ${signingName}.`);
  }
  return shapes;
}
