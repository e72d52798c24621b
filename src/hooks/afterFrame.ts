/** Runs when what is drawn just now has been painted; a page that nobody sees paints nothing, and does not wait. */
export const afterFrame = (run: () => unknown): unknown =>
  document.hidden ? setTimeout(run) : requestAnimationFrame(() => setTimeout(run))
