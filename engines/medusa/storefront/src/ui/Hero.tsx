import { Icon } from './Icon.tsx';

export function Hero({ name }: { name: string }) {
  return (
    <div className="hero">
      <div className="wrap">
        <h1>{name}</h1>
        <p className="lead">Chosen with care, sent to your door.</p>
        <ul className="promises">
          <li>
            <Icon name="cash" /> Pay in cash on delivery
          </li>
          <li>
            <Icon name="parcel" /> Order without an account
          </li>
        </ul>
      </div>
    </div>
  );
}
