import { LocalFileService } from '@medusajs/file-local';
import type { FileTypes } from '@medusajs/framework/types';
import { ModuleProvider, Modules } from '@medusajs/framework/utils';

type Options = ConstructorParameters<typeof LocalFileService>[1];

// The parent class can only make absolute URLs; the host in them is thrown away again.
const BASE = 'http://host.invalid/static';
const withoutHost = <T extends { url: string }>(file: T): T => ({ ...file, url: new URL(file.url).pathname });

/**
 * Medusa's local file provider writes its own host into each URL it stores. A store has several
 * addresses and may get others, so ours stores `/static/…` and the browser supplies the host.
 */
class RelativeFiles extends LocalFileService {
  static override identifier = 'relative-files';

  constructor(container: Record<string, unknown>, options: Options) {
    super(container, { ...options, backend_url: BASE });
  }

  override async upload(file: FileTypes.ProviderUploadFileDTO) {
    return withoutHost(await super.upload(file));
  }

  override async getUploadStream(file: FileTypes.ProviderUploadStreamDTO) {
    const stream = await super.getUploadStream(file);
    return { ...withoutHost(stream), promise: stream.promise.then(withoutHost) };
  }

  override async getPresignedDownloadUrl(file: FileTypes.ProviderGetFileDTO) {
    return new URL(await super.getPresignedDownloadUrl(file)).pathname;
  }
}

export default ModuleProvider(Modules.FILE, { services: [RelativeFiles] });
