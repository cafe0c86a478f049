/** XState names a timer `xstate.after.<delay>.<state>`; people know it by its delay. */
export const timerText = (id: string): string => /^xstate\.after\.([^.]+)\./.exec(id)?.[1] ?? id;
