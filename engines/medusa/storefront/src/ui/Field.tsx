import type { InputHTMLAttributes } from 'react';
import type { FieldName } from '../checkout/details.ts';

interface Props extends InputHTMLAttributes<HTMLInputElement> {
  name: FieldName;
  label: string;
  problem?: string | undefined;
}

/** A label, its input, and what is wrong with it in words. */
export function Field({ name, label, problem, className = '', ...rest }: Props) {
  return (
    <div className={`field ${className}`}>
      <label htmlFor={name}>{label}</label>
      <input
        {...rest}
        id={name}
        name={name}
        aria-invalid={problem ? true : undefined}
        aria-describedby={problem ? `${name}-problem` : undefined}
      />
      <Problem name={name} words={problem} />
    </div>
  );
}

export function Problem({ name, words }: { name: FieldName; words: string | undefined }) {
  if (!words) return null;
  return (
    <p className="problem" id={`${name}-problem`}>
      {words}
    </p>
  );
}
