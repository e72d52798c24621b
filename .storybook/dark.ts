import axe from 'axe-core'

/** What the addon asks of a story in the light, in the dark: all of axe's rules but `region`, as a story is no whole page. Throws what they find. */
export async function checkInTheDark() {
  const { style } = document.documentElement
  const { colorScheme } = style
  style.colorScheme = 'dark'
  try {
    const { violations } = await axe.run(document.body, { rules: { region: { enabled: false } } })
    const found = violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html}: ${failureSummary}`),
    )
    if (found.length > 0) throw new Error(`TH-02 in the dark: ${found.join('\n')}`)
  } finally {
    style.colorScheme = colorScheme
  }
}
