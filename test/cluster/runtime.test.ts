import { inject } from 'vitest';
import { describeRuntime, type RuntimeOptions } from '../contracts/runtime.ts';
import { makeKubernetesSubject } from '../support/kubernetes-subject.ts';

const { missing, measures } = inject('cluster');
const options: RuntimeOptions = {
  atOnce: 6,
  skipped: {
    ...(missing !== null && { all: missing }),
    ...(!measures && { usage: 'the cluster has no metrics API' }),
  },
};

describeRuntime('kubernetes, with data in a database', () => makeKubernetesSubject('medusa'), options);
describeRuntime('kubernetes, with data in files alone', () => makeKubernetesSubject('woocommerce'), options);
