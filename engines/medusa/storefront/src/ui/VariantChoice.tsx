import type { Variant } from '../api/types.ts';
import { stockOf } from '../catalogue/stock.ts';

interface Props {
  variants: Variant[];
  chosen: string | undefined;
  onChoose: (id: string) => void;
}

export function VariantChoice({ variants, chosen, onChoose }: Props) {
  return (
    <fieldset className="choices">
      <legend>Choose one</legend>
      {variants.map((variant) => (
        <label key={variant.id} className="chip">
          <input type="radio" name="variant" checked={variant.id === chosen} onChange={() => onChoose(variant.id)} />
          <span>
            {variant.title ?? 'Standard'}
            {stockOf(variant).available === 0 && <span className="muted"> (sold out)</span>}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
