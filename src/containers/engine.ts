export type EngineId = 'docker' | 'podman' | 'finch' | 'nerdctl';

/**
 * A container engine that was found and answers. Engines differ in a name, a detection and a few flags:
 * everything that builds a command takes this record and reads what it needs.
 */
export interface Engine {
  readonly id: EngineId;
  /** The program, by absolute path or by name on PATH. */
  readonly file: string;
  /** Version of the client, and of the engine behind it, as they give it. */
  readonly clientVersion: string;
  readonly serverVersion: string;
  /** `docker buildx` is there and works; always false for the others. */
  readonly buildx: boolean;
  /** The engine runs in a virtual machine (or elsewhere) and does not share this host's loopback. */
  readonly remote: boolean;
  /** `os/architecture` of what it runs natively, as in an image index: "linux/amd64". */
  readonly platform: string;
}
