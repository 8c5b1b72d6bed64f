import type { InputHTMLAttributes } from 'react';
import type { Address, Cart, Country } from '../api/types.ts';
import { Field, Problem } from '../ui/Field.tsx';
import { byName } from './countries.ts';
import { needsPostalCode, type FieldName, type Problems } from './details.ts';

interface Props {
  cart: Cart;
  countries: Country[];
  country: string;
  onCountry: (code: string) => void;
  problems: Problems;
}

interface AddressField extends InputHTMLAttributes<HTMLInputElement> {
  name: FieldName;
  label: string;
  known: keyof Address;
}

/** The labels are part of the shop's contract: tests and tools fill the form by them. */
const ADDRESS_FIELDS: AddressField[] = [
  { name: 'firstName', label: 'First name', known: 'first_name', autoComplete: 'given-name', required: true },
  { name: 'lastName', label: 'Last name', known: 'last_name', autoComplete: 'family-name', required: true },
  { name: 'address', label: 'Address', known: 'address_1', autoComplete: 'address-line1', required: true },
  { name: 'address2', label: 'Apartment, floor (optional)', known: 'address_2', autoComplete: 'address-line2' },
  { name: 'city', label: 'City', known: 'city', autoComplete: 'address-level2', required: true },
  { name: 'postalCode', label: 'Postal code', known: 'postal_code', autoComplete: 'postal-code', required: true },
  { name: 'province', label: 'State (optional)', known: 'province', autoComplete: 'address-level1' },
  { name: 'phone', label: 'Phone (optional)', known: 'phone', autoComplete: 'tel', type: 'tel', inputMode: 'tel' },
];
const FULL_WIDTH = new Set<FieldName>(['address', 'address2']);

export function AddressFields({ cart, countries, country, onCountry, problems }: Props) {
  return (
    <>
      <ContactSection email={cart.email} problem={problems.email} />
      <section aria-labelledby="delivery">
        <h2 id="delivery">Delivery</h2>
        <div className="fields">
          <CountryField countries={countries} country={country} onCountry={onCountry} problem={problems.country} />
          {ADDRESS_FIELDS.map(({ known, required = false, ...field }) => (
            <Field
              key={field.name}
              {...field}
              className={FULL_WIDTH.has(field.name) ? '' : 'half'}
              required={field.name === 'postalCode' ? needsPostalCode(country) : required}
              defaultValue={cart.shipping_address?.[known] ?? ''}
              problem={problems[field.name]}
            />
          ))}
        </div>
      </section>
    </>
  );
}

function ContactSection({ email, problem }: { email: string | null | undefined; problem: string | undefined }) {
  return (
    <section aria-labelledby="contact">
      <h2 id="contact">Contact</h2>
      <Field
        name="email"
        label="Email"
        type="email"
        inputMode="email"
        autoComplete="email"
        autoCapitalize="none"
        spellCheck={false}
        required
        defaultValue={email ?? ''}
        problem={problem}
      />
    </section>
  );
}

interface CountryProps {
  countries: Country[];
  country: string;
  onCountry: (code: string) => void;
  problem: string | undefined;
}

function CountryField({ countries, country, onCountry, problem }: CountryProps) {
  return (
    <div className="field">
      <label htmlFor="country">Country</label>
      <select
        id="country"
        name="country"
        autoComplete="country"
        required
        value={country}
        onChange={(event) => onCountry(event.target.value)}
      >
        {byName(countries).map(({ iso_2, display_name }) => (
          <option key={iso_2} value={iso_2}>
            {display_name}
          </option>
        ))}
      </select>
      <Problem name="country" words={problem} />
    </div>
  );
}
