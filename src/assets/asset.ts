/**
 * A download that is no package: one zip, published under one address with checksums beside it. Addresses are paths
 * below the base of the platform's downloads.
 */
export interface Asset {
  /** Its name in the assets folder, by which an operator may put it there too. */
  file: string;
  /** For people: what it is, and its version. */
  title: string;
  url: string;
  checksums: Checksums;
  /** The only folder at the top of the zip. */
  folder: string;
}

/** `sha1`: of the whole zip. `files`: a list in JSON with the hashes of each file in the zip, below its top folder. */
export interface Checksums {
  kind: 'sha1' | 'files';
  url: string;
}

/** An asset that lies in the folder, ready to be used. */
export interface AssetFile {
  file: string;
  /** Absolute. */
  path: string;
  sha256: string;
  bytes: number;
  /** Whether an operator put it there, which is used as it is, or the platform fetched and verified it. */
  source: 'operator' | 'download';
}
