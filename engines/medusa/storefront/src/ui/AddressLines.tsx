import type { Address } from '../api/types.ts';

export function AddressLines({ address }: { address: Address }) {
  const town = [address.city, address.province, address.postal_code].filter(Boolean).join(', ');
  const lines = [
    [address.first_name, address.last_name].filter(Boolean).join(' '),
    [address.address_1, address.address_2].filter(Boolean).join(', '),
    town,
    address.country_code && countryName(address.country_code),
    address.phone,
  ].filter(Boolean);
  return (
    <address>
      {lines.map((line) => (
        <span key={line}>{line}</span>
      ))}
    </address>
  );
}

function countryName(code: string): string {
  try {
    return new Intl.DisplayNames('en', { type: 'region' }).of(code.toUpperCase()) ?? code;
  } catch {
    return code.toUpperCase();
  }
}
