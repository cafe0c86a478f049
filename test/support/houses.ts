/** Houses of one test file, closed and removed after each test. */
import { afterEach } from 'vitest';
import { CcmError } from '../../src/errors.ts';
import { type House, type HouseOptions, openHouse } from './house.ts';

export const houseKeeper = () => {
  const houses: House[] = [];
  afterEach(async () => {
    for (const house of houses) if (!house.crashed) await house.runtime.shutdown();
    for (const house of houses.splice(0)) house.temp.remove();
  });
  const open = async (options: HouseOptions = {}): Promise<House> => {
    const house = await openHouse(options);
    houses.push(house);
    return house;
  };
  /** The same home in a new process: the old one ends without a word. */
  const reopen = async (house: House, options: HouseOptions = {}): Promise<House> => {
    house.crash();
    houses.splice(houses.indexOf(house), 1);
    house.clock.restart();
    return open({ ...options, temp: house.temp, fake: house.clock });
  };
  return { open, reopen };
};

/** The CcmError of a promise that must be refused. */
export const refusal = async (promise: Promise<unknown>): Promise<CcmError> => {
  const thrown = await promise.then(
    () => null,
    (error: unknown) => error,
  );
  if (!(thrown instanceof CcmError)) throw new Error('it was not refused with a CcmError', { cause: thrown });
  return thrown;
};
