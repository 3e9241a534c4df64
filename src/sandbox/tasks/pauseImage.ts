import { createHash } from 'node:crypto';

/**
 * A task's containers share a network namespace (`localhost` is the same for all of them, and the published
 * ports outlive each of them), so something has to hold it. As on ECS that is a container that only waits. No
 * image for it can be taken for granted or pulled on a closed machine; so its program, which makes one system
 * call for ever, is written out here: an ELF file of about 150 bytes for each architecture that ECS knows.
 */
export const PAUSE_IMAGE = 'localhost/aws-containers-sandbox/pause:1';

const PROGRAMS: Readonly<Record<string, { readonly machine: number; readonly code: readonly number[] }>> = {
  amd64: {
    machine: 0x3e,
    // mov eax, 34 (pause); syscall; jmp to the start
    code: [0xb8, 0x22, 0x00, 0x00, 0x00, 0x0f, 0x05, 0xeb, 0xf7],
  },
  arm64: {
    machine: 0xb7,
    // mov x8, 73 (ppoll); mov x0..x3, 0; svc 0; b to the start: waits for no descriptor, without a time limit
    code: [
      [0xd2800928, 0xd2800000, 0xd2800001, 0xd2800002, 0xd2800003, 0xd4000001, 0x17fffffa].map((word) => [
        word & 0xff,
        (word >>> 8) & 0xff,
        (word >>> 16) & 0xff,
        word >>> 24,
      ]),
    ].flat(2),
  },
};

const ADDRESS = 0x400000;
const FILE_HEADER = 64;
const PROGRAM_HEADER = 56;
/** The largest page size of arm64 kernels. */
const ALIGNMENT = 0x10000;

/**
 * The image as an archive that `load` of every engine takes.
 * @param architecture as in an image index
 * @returns `undefined` for an architecture that ECS does not have either
 */
export function buildPauseArchive(architecture: string): Buffer | undefined {
  const program = buildPauseProgram(architecture);
  if (!program) {
    return undefined;
  }
  const layer = writeTar([{ name: 'pause', content: program, executable: true }]);
  const layerDigest = sha256(layer);
  const config = Buffer.from(
    JSON.stringify({
      architecture,
      os: 'linux',
      created: '2020-01-01T00:00:00Z',
      config: { Entrypoint: ['/pause'] },
      rootfs: { type: 'layers', diff_ids: [`sha256:${layerDigest}`] },
      history: [{ created: '2020-01-01T00:00:00Z', created_by: 'pause' }],
    }),
  );
  const manifest = [
    { Config: `${sha256(config)}.json`, RepoTags: [PAUSE_IMAGE], Layers: [`${layerDigest}.tar`] },
  ];
  return writeTar([
    { name: `${sha256(config)}.json`, content: config },
    { name: `${layerDigest}.tar`, content: layer },
    { name: 'manifest.json', content: Buffer.from(JSON.stringify(manifest)) },
  ]);
}

/** A static ELF executable of one segment that is loaded whole. */
export function buildPauseProgram(architecture: string): Buffer | undefined {
  const program = PROGRAMS[architecture];
  if (!program) {
    return undefined;
  }
  const start = FILE_HEADER + PROGRAM_HEADER;
  const size = start + program.code.length;
  const file = Buffer.alloc(size);
  file.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]); // magic, 64 bit, little endian, version
  file.writeUInt16LE(2, 16); // executable
  file.writeUInt16LE(program.machine, 18);
  file.writeUInt32LE(1, 20); // version
  file.writeBigUInt64LE(BigInt(ADDRESS + start), 24); // entry point
  file.writeBigUInt64LE(BigInt(FILE_HEADER), 32); // where the program header is
  file.writeUInt16LE(FILE_HEADER, 52);
  file.writeUInt16LE(PROGRAM_HEADER, 54);
  file.writeUInt16LE(1, 56); // one program header
  file.writeUInt32LE(1, 64); // a segment to load
  file.writeUInt32LE(5, 68); // readable and executable
  file.writeBigUInt64LE(BigInt(ADDRESS), 80);
  file.writeBigUInt64LE(BigInt(ADDRESS), 88);
  file.writeBigUInt64LE(BigInt(size), 96);
  file.writeBigUInt64LE(BigInt(size), 104);
  file.writeBigUInt64LE(BigInt(ALIGNMENT), 112);
  file.set(program.code, start);
  return file;
}

interface TarEntry {
  readonly name: string;
  readonly content: Buffer;
  readonly executable?: boolean;
}

const BLOCK = 512;

/** A ustar archive whose bytes depend on nothing but the entries, so that the image's digest is always the same. */
function writeTar(files: readonly TarEntry[]): Buffer {
  const blocks = files.flatMap(({ name, content, executable }) => {
    const header = Buffer.alloc(BLOCK);
    header.write(name, 0);
    header.write(executable ? '0000755\0' : '0000644\0', 100);
    header.write('0000000\0', 108);
    header.write('0000000\0', 116);
    header.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124);
    header.write('00000000000\0', 136);
    header.write('        ', 148); // the checksum counts itself as spaces
    header.write('0', 156);
    header.write('ustar\0' + '00', 257);
    const checksum = header.reduce((sum, byte) => sum + byte, 0);
    header.write(`${checksum.toString(8).padStart(6, '0')}\0 `, 148);
    return [header, content, Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]);
}

function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
