import { findBuilder } from '../../../scripts/lib/image-builder.ts';

/** Builds an image and brings it to the cluster, as `npm run images` does: IMAGE_BUILD_COMMAND, else docker or buildah. */
export async function buildImage(image: string, context: string, dockerfile: string): Promise<void> {
  const builder = await findBuilder(process.env);
  await builder.build({ image, context, dockerfile });
}
