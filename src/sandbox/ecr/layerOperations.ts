import type { OperationHandler, RequestScope } from '../operation';
import { ServiceError } from '../protocol/serviceError';
import { parseDigest } from '../registry/digest';
import type { RegistryContent } from '../registry/registryContent';
import type { Upload } from '../registry/uploadStore';
import { refuse } from './ecrRefusal';

interface LayersInput {
  readonly registryId?: string;
  readonly repositoryName: string;
}

const MEBIBYTE = 1024 * 1024;
/** What ECR recommends, and what it takes at most (UploadLayerPart). */
const PART_SIZE = 10 * MEBIBYTE;
const MAX_PART_BYTES = 20 * MEBIBYTE;
/** Every part but the last (CompleteLayerUpload, LayerPartTooSmallException). */
const MIN_PART_BYTES = 5 * MEBIBYTE;
/** A download address is for use at once. */
const DOWNLOAD_MILLISECONDS = 3600 * 1000;

/** The operations with which a client without a container engine moves layers. */
export function createLayerOperations(content: RegistryContent): Record<string, OperationHandler> {
  const { repositories, layers, uploads, tokens, accountId } = content;

  const uploadNotFound = (repository: string, uploadId: string): ServiceError =>
    new ServiceError(
      'UploadNotFoundException',
      `The upload with id '${uploadId}' does not exist in the repository with name '${repository}' in the registry with id '${accountId}'`,
    );

  const requireUpload = (region: string, repository: string, uploadId: string): Upload => {
    const upload = uploads.find(region, repository, uploadId);
    if (upload === undefined) {
      throw uploadNotFound(repository, uploadId);
    }
    return upload;
  };

  return {
    BatchCheckLayerAvailability: (
      input: LayersInput & { readonly layerDigests: readonly string[] },
      { region }: RequestScope,
    ) => {
      const { name } = repositories.require(region, input.repositoryName, input.registryId);
      if (input.layerDigests.length < 1 || input.layerDigests.length > 100) {
        throw refuse.invalidParameter('layerDigests', 'Member must have between 1 and 100 members');
      }
      const invalid = input.layerDigests.filter((digest) => parseDigest(digest) === undefined);
      const valid = input.layerDigests.filter((digest) => !invalid.includes(digest));
      return {
        layers: valid.map((layerDigest) => {
          const layer = layers.findForPush(region, name, layerDigest);
          return layer === undefined
            ? { layerDigest, layerAvailability: 'UNAVAILABLE' }
            : { layerDigest, layerAvailability: 'AVAILABLE', layerSize: layer.size };
        }),
        failures: invalid.map((layerDigest) => ({
          layerDigest,
          failureCode: 'InvalidLayerDigest',
          failureReason: 'The layer digest is not of the form algorithm:hex',
        })),
      };
    },

    InitiateLayerUpload: async (input: LayersInput, { region }: RequestScope) => {
      const { name } = repositories.require(region, input.repositoryName, input.registryId);
      const upload = await uploads.begin(region, name);
      return { uploadId: upload.id, partSize: PART_SIZE };
    },

    UploadLayerPart: async (
      input: LayersInput & {
        readonly uploadId: string;
        readonly partFirstByte: number;
        readonly partLastByte: number;
        /** Base64, as the protocol has blobs. */
        readonly layerPartBlob: string;
      },
      { region }: RequestScope,
    ) => {
      const { name } = repositories.require(region, input.repositoryName, input.registryId);
      const upload = requireUpload(region, name, input.uploadId);
      const bytes = Buffer.from(input.layerPartBlob, 'base64');
      const size = uploads.size(upload);
      const refusePart = (message: string): ServiceError =>
        new ServiceError('InvalidLayerPartException', message, {
          registryId: accountId,
          repositoryName: name,
          uploadId: upload.id,
          lastValidByteReceived: size - 1,
        });
      if (bytes.length > MAX_PART_BYTES) {
        throw refusePart(`A layer part has at most ${MAX_PART_BYTES} bytes`);
      }
      if (input.partLastByte - input.partFirstByte + 1 !== bytes.length) {
        throw refusePart('The layer part is not as long as its first and last byte say');
      }
      const result = await uploads.append(upload, once(bytes), { at: input.partFirstByte });
      switch (result.kind) {
        case 'appended':
          uploads.notePart(upload, bytes.length);
          return {
            registryId: accountId,
            repositoryName: name,
            uploadId: upload.id,
            lastByteReceived: result.size - 1,
          };
        case 'outOfOrder':
        case 'wrongLength':
          throw refusePart(
            `The layer part does not begin where the upload stands: the next byte is ${result.size}`,
          );
        case 'ended':
          throw uploadNotFound(name, upload.id);
      }
    },

    CompleteLayerUpload: async (
      input: LayersInput & { readonly uploadId: string; readonly layerDigests: readonly string[] },
      { region }: RequestScope,
    ) => {
      const { name } = repositories.require(region, input.repositoryName, input.registryId);
      const upload = requireUpload(region, name, input.uploadId);
      const [given = ''] = input.layerDigests;
      const digest = parseDigest(given);
      if (digest === undefined) {
        throw refuse.invalidParameter(
          'layerDigests',
          "must satisfy regular expression '[a-zA-Z0-9-_+.]+:[a-fA-F0-9]+'",
        );
      }
      if (uploads.size(upload) === 0) {
        throw new ServiceError(
          'EmptyUploadException',
          `The upload with id '${upload.id}' has no layer parts`,
        );
      }
      if (upload.partSizes.slice(0, -1).some((size) => size < MIN_PART_BYTES)) {
        throw new ServiceError('LayerPartTooSmallException', 'Layer parts must be at least 5 MiB in size');
      }
      if (layers.findForPush(region, name, digest.text) !== undefined) {
        throw new ServiceError(
          'LayerAlreadyExistsException',
          `Layer with digest '${digest.text}' already exists in the repository with name '${name}' in the registry with id '${accountId}'`,
        );
      }
      const outcome = await uploads.complete(upload, digest, (file, size) =>
        layers.addFile(region, name, digest, file, size),
      );
      switch (outcome) {
        case 'completed':
          break;
        case 'ended':
          throw uploadNotFound(name, upload.id);
        case 'otherDigest':
          throw new ServiceError(
            'InvalidLayerException',
            `The layer that was uploaded does not have the digest '${digest.text}'`,
          );
      }
      return {
        registryId: accountId,
        repositoryName: name,
        uploadId: upload.id,
        layerDigest: digest.text,
      };
    },

    GetDownloadUrlForLayer: (
      input: LayersInput & { readonly layerDigest: string },
      { region }: RequestScope,
    ) => {
      const { name } = repositories.require(region, input.repositoryName, input.registryId);
      const { layerDigest } = input;
      if (layers.find(region, name, layerDigest) === undefined) {
        throw refuse.layersNotFound([layerDigest], name, accountId);
      }
      const token = tokens.issue({
        region,
        blob: `${name}@${layerDigest}`,
        expiresAt: Date.now() + DOWNLOAD_MILLISECONDS,
      });
      return {
        downloadUrl: `http://${content.registryHost()}/v2/${name}/blobs/${layerDigest}?token=${token}`,
        layerDigest,
      };
    },
  };
}

async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  yield await Promise.resolve(bytes);
}
