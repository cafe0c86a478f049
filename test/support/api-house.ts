/** {@link buildApiHouse} for one test, closed when the test is over. */
import { onTestFinished } from 'vitest';
import { type ApiHouse, type ApiHouseOptions, buildApiHouse } from './build-api-house.ts';

export { type ApiHouse, project } from './build-api-house.ts';

export const openApiHouse = async (options: ApiHouseOptions = {}): Promise<ApiHouse> => {
  const house = await buildApiHouse(options);
  onTestFinished(() => house.close());
  return house;
};
