import type { Config } from '../config.ts';
import { AppError } from '../errors.ts';

/** What an operator can switch off, and how a refusal begins. */
const FEATURES = {
  storeCreation: { setting: 'FEATURE_STORE_CREATION', subject: 'The creation of stores' },
  upgrades: { setting: 'FEATURE_UPGRADES', subject: 'Upgrading and rolling back' },
} as const;

type Feature = keyof typeof FEATURES;

export function isOn(config: Config, feature: Feature): boolean {
  return config[FEATURES[feature].setting];
}

/** Each feature and whether it is on, for `/health`. */
export function featuresOf(config: Config): Record<Feature, boolean> {
  return { storeCreation: isOn(config, 'storeCreation'), upgrades: isOn(config, 'upgrades') };
}

/** Throws AppError FEATURE_DISABLED where an operator has switched this off. */
export function mustBeOn(config: Config, feature: Feature): void {
  if (isOn(config, feature)) return;
  const { subject } = FEATURES[feature];
  throw new AppError('FEATURE_DISABLED', `${subject} was switched off by an operator of this platform.`, {
    details: { feature },
  });
}
