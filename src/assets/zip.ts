import { open, type FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import { promisify } from 'node:util';
import { crc32, inflateRaw } from 'node:zlib';
import { fromFdPromise, getFileNameLowLevel, type Entry, type ZipFile } from 'yauzl';
import { TerminalError } from '../errors.ts';
import { makeNameCheck } from './zip-names.ts';

/** Far above any release of WordPress or of a plugin, and far below what a home's disk can't take. */
export interface ZipLimits {
  entries: number;
  /** Bytes of all files together, as they are when unpacked. */
  bytes: number;
  /** Bytes of one file, which is held in memory as a whole. */
  fileBytes: number;
}

const LIMITS: ZipLimits = { entries: 50_000, bytes: 1024 ** 3, fileBytes: 32 * 1024 ** 2 };

const inflate = promisify(inflateRaw);

/** A file or folder in a zip whose name is known to be harmless: relative, below the expected top folder, unique. */
export interface ZipEntry {
  path: string;
  isFolder: boolean;
  bytes: number;
}

export interface OpenZip {
  entries: readonly ZipEntry[];
  /** The entry's content. Rejects with TerminalError when it is not what was packed. */
  read(entry: ZipEntry): Promise<Buffer>;
}

/**
 * Lets `use` work with a zip of which everything that can be known without unpacking has been checked: names, kinds and
 * sizes. Throws TerminalError that names the file and the entry when it is damaged or hostile.
 */
export async function withZip<T>(
  path: string,
  { folder, limits = LIMITS }: { folder: string; limits?: ZipLimits | undefined },
  use: (zip: OpenZip) => Promise<T>,
): Promise<T> {
  const damaged = refuser(path);
  const file = await open(path);
  try {
    // Names stay bytes at first: the library would correct some of those that are to be refused.
    const zip = await fromFdPromise(file.fd, { autoClose: false, decodeStrings: false }).catch(damaged);
    const entries = await readEntries(zip, folder, limits).catch(damaged);
    return await use({
      entries: [...entries.keys()],
      read: (entry) =>
        readEntry(file, zip, entries.get(entry)!).catch((error: Error) =>
          damaged(Object.assign(error, { entry: entry.path })),
        ),
    });
  } finally {
    await file.close();
  }
}

async function readEntries(zip: ZipFile, folder: string, limits: ZipLimits): Promise<Map<ZipEntry, Entry>> {
  const checkName = makeNameCheck(folder);
  const entries = new Map<ZipEntry, Entry>();
  let bytes = 0;
  for await (const entry of zip.eachEntry()) {
    const name = getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, true);
    const isFolder = name.endsWith('/');
    const problem = checkName(name) ?? kindProblem(entry, isFolder);
    if (problem !== null) throw new TerminalError(`its entry ${JSON.stringify(name)} ${problem}`);
    if (Math.max(entry.uncompressedSize, entry.compressedSize) > limits.fileBytes) {
      throw new TerminalError(`its entry ${JSON.stringify(name)} is longer than ${limits.fileBytes} bytes`);
    }
    bytes += entry.uncompressedSize;
    if (entries.size >= limits.entries) throw new TerminalError(`it holds more than ${limits.entries} entries`);
    if (bytes > limits.bytes) throw new TerminalError(`it unpacks to more than ${limits.bytes} bytes`);
    entries.set({ path: isFolder ? name.slice(0, -1) : name, isFolder, bytes: entry.uncompressedSize }, entry);
  }
  if (entries.size === 0) throw new TerminalError('it is empty');
  return entries;
}

/** What an entry's own attributes say against it. */
function kindProblem(entry: Entry, isFolder: boolean): string | null {
  if (entry.isEncrypted()) return 'is encrypted';
  if (!entry.canDecodeFileData()) return 'is compressed in a way that is not known';
  // The upper half is the mode that Unix keeps; 0 where it was packed elsewhere.
  const kind = (entry.externalFileAttributes >>> 16) & 0o170000;
  if (kind === 0o120000) return 'is a symbolic link';
  if (kind !== 0 && kind !== 0o100000 && kind !== 0o040000) return 'is a special file';
  if (isFolder !== (kind === 0o040000) && kind !== 0) return 'is both a file and a folder';
  return isFolder && entry.uncompressedSize > 0 ? 'is a folder that has content' : null;
}

/**
 * Not by the library's own streams: one that is left while others wait for their turn ends the whole process with an
 * exception that nobody can catch. And most files are small, so that streams would take twice the time.
 */
async function readEntry(file: FileHandle, zip: ZipFile, entry: Entry): Promise<Buffer> {
  const { fileDataStart } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
  const packed = Buffer.alloc(entry.compressedSize);
  const { bytesRead } = await file.read(packed, 0, packed.length, fileDataStart);
  if (bytesRead < packed.length) throw new Error('it ends too early');
  const content = entry.compressionMethod === 8 ? await unpack(packed, entry.uncompressedSize) : packed;
  if (content.length !== entry.uncompressedSize) throw new Error('it is shorter than it says');
  if (crc32(content) !== entry.crc32) throw new Error('its checksum does not match');
  return content;
}

/** A bomb lies about its size, and gets no more memory than it claims. */
async function unpack(packed: Buffer, claimed: number): Promise<Buffer> {
  return inflate(packed, { maxOutputLength: Math.max(1, claimed) }).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ERR_BUFFER_TOO_LARGE' ? new Error('it is longer than it says') : error;
  });
}

/** Turns what the library says into a message that names the file; failures of the disk stay what they are. */
function refuser(path: string): (error: unknown) => never {
  return (error) => {
    const { syscall, message, entry } = error as NodeJS.ErrnoException & { entry?: string };
    if (syscall !== undefined) throw error;
    const what = error instanceof TerminalError ? 'is refused' : 'is damaged';
    const where = entry === undefined ? '' : `${JSON.stringify(entry)}: `;
    throw new TerminalError(
      `${basename(path)} ${what}: ${where}${message}. Put the right file there as ${path}, or delete it; then retry.`,
      { cause: error },
    );
  };
}
