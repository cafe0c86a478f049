/** Steps of a schedule. */
export const STEPS = 120;
