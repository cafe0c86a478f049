/** What one campaign found. `detail` names the seed of every failure, and what was done. */
export type CampaignReport = { name: string; passed: number; failed: number; detail: string[] };
export type Campaign = (options: { seed: number; seconds: number }) => Promise<CampaignReport>;
