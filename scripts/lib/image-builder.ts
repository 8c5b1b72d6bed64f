import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { run } from './run.mjs';

export interface ImageBuild {
  /** Name and tag. */
  image: string;
  /** The folder that it is built from. */
  context: string;
  dockerfile: string;
}

/** What makes images on this machine. */
export interface Builder {
  title: string;
  /** Its output goes to standard error. Rejects where the image could not be built. */
  build(what: ImageBuild): Promise<void>;
}

/**
 * The builder that `IMAGE_BUILD_COMMAND` names (called with NAME:TAG CONTEXT -f DOCKERFILE, and what else there is to
 * say), else docker where it has a daemon, else buildah. Rejects, with what to do, where there is none.
 */
export async function findBuilder(env: NodeJS.ProcessEnv): Promise<Builder> {
  const secrets = secretsFrom(env);
  const own = env['IMAGE_BUILD_COMMAND']?.split(' ').filter(Boolean) ?? [];
  const [program, ...args] = own;
  if (program !== undefined) {
    return builder(program, ({ image, context, dockerfile }) => [
      ...args,
      image,
      context,
      '-f',
      dockerfile,
      ...secrets,
    ]);
  }
  for (const name of ['docker', 'buildah']) {
    if (!(await works(name))) continue;
    return builder(name, ({ image, context, dockerfile }) => [
      'build',
      // By itself buildah makes images of a kind that knows no HEALTHCHECK.
      ...(name === 'buildah' ? ['--format', 'docker'] : []),
      ...secrets,
      '-t',
      image,
      '-f',
      dockerfile,
      context,
    ]);
  }
  throw new Error('Nothing here builds images. Install docker or buildah, or name a command in IMAGE_BUILD_COMMAND.');
}

function builder(program: string, argumentsFor: (what: ImageBuild) => string[]): Builder {
  return { title: program, build: (what) => run(`Building ${what.image}`, program, argumentsFor(what)) };
}

/** A machine whose way to the registries has a certificate of its own lets the builds trust it too. */
function secretsFrom({ NODE_EXTRA_CA_CERTS: file }: NodeJS.ProcessEnv): string[] {
  return file ? ['--secret', `id=ca,src=${file}`] : [];
}

/** Asked for its version, docker also asks its daemon. */
async function works(program: string): Promise<boolean> {
  return promisify(execFile)(program, ['version'], { timeout: 10_000 }).then(
    () => true,
    () => false,
  );
}
