import type { Logger } from 'pino';
import type { Cluster } from './client.ts';
import type { Helm } from './helm.ts';

/** A cluster role that an account gets in every store's namespace. */
export interface RoleBindingPlan {
  clusterRole: string;
  /** The account's own namespace and name. */
  namespace: string;
  account: string;
}

/** What all parts of the runtime need to look and to act. */
export interface Context {
  cluster: Cluster;
  helm: Helm;
  installationId: string;
  /** The folder of all charts. */
  charts: string;
  roleBindings: readonly RoleBindingPlan[];
  platformNamespace: string | null;
  /** The content of the operator's values file, read at the start. */
  operatorValues: string;
  log: Logger;
  /** Fires when the runtime stops. */
  stopped: AbortSignal;
}
