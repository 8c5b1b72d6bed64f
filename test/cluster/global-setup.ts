import { join } from 'node:path';
import { ApisApi, VersionApi } from '@kubernetes/client-node';
import type { TestProject } from 'vitest/node';
import { adminConfig } from '../support/kubernetes.ts';
import { buildImage } from './support/images.ts';
import { makeTinyEngine, NEXT_VERSION, VERSION } from '../support/tiny-engine/engine.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    cluster: ClusterOfTests;
  }
}

export interface ClusterOfTests {
  /** Why there is none, or null. */
  missing: string | null;
  /** The address of its ingress controller, from INGRESS_ADDRESS; empty where that is not set. */
  ingress: string;
  /** False where nothing in the cluster measures what pods use. */
  measures: boolean;
}

const IMAGE = 'docker.io/store-platform/tiny-store';

/** Finds the cluster that KUBECONFIG names and brings the tiny shop's image there. */
export default async function setup(project: TestProject): Promise<void> {
  const missing = await whyMissing();
  if (missing !== null) {
    project.provide('cluster', { missing, measures: false, ingress: '' });
    return;
  }
  await buildImages();
  project.provide('cluster', {
    missing: null,
    measures: await measures(),
    ingress: process.env['INGRESS_ADDRESS'] ?? '',
  });
}

async function whyMissing(): Promise<string | null> {
  if (!process.env['KUBECONFIG']) return 'KUBECONFIG is not set';
  return adminConfig()
    .makeApiClient(VersionApi)
    .getCode()
    .then(
      () => null,
      () => 'the cluster of KUBECONFIG does not answer',
    );
}

/** Two versions of one image; of the second the tests need no more than that it is another. */
async function buildImages(): Promise<void> {
  const folder = (await makeTinyEngine('medusa')).preparation.parts[0]?.from ?? '';
  const dockerfile = join(import.meta.dirname, '../support/tiny-engine/Dockerfile');
  for (const tag of [VERSION, NEXT_VERSION]) await buildImage(`${IMAGE}:${tag}`, folder, dockerfile);
}

async function measures(): Promise<boolean> {
  const { groups } = await adminConfig().makeApiClient(ApisApi).getAPIVersions();
  return groups.some(({ name }) => name === 'metrics.k8s.io');
}
