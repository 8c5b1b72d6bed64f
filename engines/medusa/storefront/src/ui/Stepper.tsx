import { Icon } from './Icon.tsx';

interface Props {
  /** What is counted, for the names of the buttons: "Increase quantity of Mug". */
  of: string;
  value: number;
  max?: number;
  onChange: (value: number) => void;
}

export function Stepper({ of, value, max = Infinity, onChange }: Props) {
  return (
    <div className="stepper" role="group" aria-label={`Quantity of ${of}`}>
      <button
        type="button"
        aria-label={`Decrease quantity of ${of}`}
        disabled={value <= 1}
        onClick={() => onChange(value - 1)}
      >
        <Icon name="minus" />
      </button>
      <output aria-live="polite">{value}</output>
      <button
        type="button"
        aria-label={`Increase quantity of ${of}`}
        disabled={value >= max}
        onClick={() => onChange(value + 1)}
      >
        <Icon name="plus" />
      </button>
    </div>
  );
}
