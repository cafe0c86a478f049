/** One command as a button: resting on it or focusing it asks what it would do. */
import type { Offer } from './offers.ts';

export type OfferHands = { consider: (offer: Offer) => void; leave: () => void; choose: (offer: Offer) => void };
type Props = OfferHands & { offer: Offer; disabled: boolean };

export const OfferButton = ({ offer, disabled, consider, leave, choose }: Props) => (
  <button
    type="button"
    class={offer.command.danger ? 'danger' : offer.command.verb === 'merge' ? 'primary' : ''}
    disabled={disabled}
    aria-describedby="foretold"
    onPointerEnter={() => consider(offer)}
    onPointerLeave={leave}
    onFocus={() => consider(offer)}
    onBlur={leave}
    onClick={() => choose(offer)}
  >
    {offer.command.label}
  </button>
);
