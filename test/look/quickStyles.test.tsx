import { render } from '@testing-library/react'
import { expect, it } from 'vitest'
import { asked } from '../support/quickStyles.js'

const page = `<h2>a</h2><p role="alert">b</p><form><label>c<input type="text"></label><input type="hidden"><input type="checkbox">
  <button type="button">d</button></form><ul><li><a href="#">e</a></li></ul><div hidden><em>f</em></div><dialog><p>g</p></dialog>
  <dialog open=""><p>h</p></dialog><details><summary>i</summary><p>j</p></details><div style="display: none"><span>k</span></div>
  <div style="visibility: hidden"><b>l</b></div><template>m</template><bdi>n</bdi><code>o</code><svg><path d="M0 0"></path></svg>`

const looks = (container: Element) =>
  [...container.querySelectorAll('*')].map((one) => {
    const style = window.getComputedStyle(one)
    return [one.outerHTML, ...asked.map((name) => style.getPropertyValue(name)), style.display, style.visibility]
  })

it('quick styles are jsdom’s own, of every kind of element that the kit draws', () => {
  const { container } = render(<div dangerouslySetInnerHTML={{ __html: page }} />)
  const [quick, again] = [looks(container), looks(container)]
  // An empty one is enough to be asked in earnest.
  const sheet = document.head.appendChild(document.createElement('style'))
  const own = looks(container)
  sheet.remove()
  expect(quick).toEqual(own)
  expect(again).toEqual(own)
  expect(new Set(own.map(([, display]) => display))).toContain('none')
})

it('a page with a stylesheet gets jsdom’s own', () => {
  const sheet = document.head.appendChild(document.createElement('style'))
  const { container } = render(<p>hidden by its class</p>)
  const text = container.querySelector('p') as Element
  expect(text).toBeVisible()
  sheet.textContent = 'p { display: none }'
  expect(text).not.toBeVisible()
  sheet.remove()
  expect(text).toBeVisible()
})

it('what they do not know is an error', () => {
  const { container } = render(<p>plain</p>)
  expect(() => getComputedStyle(container).color).toThrow('Quick styles do not know "color".')
})
