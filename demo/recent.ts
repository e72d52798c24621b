/** How long ago the second factor may have been passed where money is at stake. The gate and the server go by the same. Milliseconds. */
export const recentMs = 5 * 60_000
