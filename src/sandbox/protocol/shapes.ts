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

/** What a service takes: its operations by name, with the name of their input's structure. */
export interface ServiceShapes {
  /** As in the scope of a signature: "ecs". */
  readonly signingName: string;
  readonly operations: Readonly<Record<string, string>>;
  readonly structures: Readonly<Record<string, StructureShape>>;
}

/** Shapes by the prefix of `X-Amz-Target`; made from the installed SDK by generateShapes.ts. */
export const SERVICE_SHAPES = generated as unknown as Readonly<Record<string, ServiceShapes>>;
