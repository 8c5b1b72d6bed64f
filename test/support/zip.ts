import { crc32, deflateRawSync } from 'node:zlib';

/** One entry of a zip, and the lies it tells. A name that ends in a slash is a folder. */
export interface ZipPart {
  name: string;
  data?: string | Buffer;
  /** The mode that Unix keeps, with the file's kind. Default: a plain file or folder. */
  mode?: number;
  /** The unpacked size that the zip claims. */
  claims?: number;
  /** The checksum that the zip claims. */
  crc?: number;
  encrypted?: boolean;
  method?: 0 | 8 | 12;
}

const [FILE, FOLDER] = [0o100644, 0o040755];

/** A zip, byte by byte, so that it can hold what no tool would pack. */
export function makeZip(parts: readonly ZipPart[]): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const part of parts) {
    const { header, packed, name } = pack(part);
    const local = Buffer.concat([u32(0x04034b50), header, u16(name.length), u16(0), name, packed]);
    const { mode = part.name.endsWith('/') ? FOLDER : FILE } = part;
    const tail = [u16(name.length), u16(0), u16(0), u16(0), u16(0), u32((mode << 16) >>> 0), u32(offset), name];
    directory.push(Buffer.concat([u32(0x02014b50), u16((3 << 8) | 20), header, ...tail]));
    locals.push(local);
    offset += local.length;
  }
  const size = directory.reduce((sum, { length }) => sum + length, 0);
  const end = [u32(0x06054b50), u16(0), u16(0), u16(parts.length), u16(parts.length), u32(size), u32(offset), u16(0)];
  return Buffer.concat([...locals, ...directory, ...end]);
}

/** What the local header and the directory have in common: version, flags, method, time, checksum and sizes. */
function pack({ name, data = '', claims, crc, encrypted = false, method = 8 }: ZipPart) {
  const bytes = Buffer.from(data);
  const packed = method === 8 ? deflateRawSync(bytes) : bytes;
  const flags = 0x800 | (encrypted ? 1 : 0);
  const sizes = [u32(crc ?? crc32(bytes)), u32(packed.length), u32(claims ?? bytes.length)];
  const header = Buffer.concat([u16(20), u16(flags), u16(method), u16(0), u16(0x21), ...sizes]);
  return { header, packed, name: Buffer.from(name) };
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
