// What a page is asked in the browser, beside axe-core. Evaluated as one expression: an object of functions.
(() => {
const KNOWN_PURPOSES = new Set(['on', 'off', 'name', 'given-name', 'family-name', 'username', 'new-password',
  'current-password', 'one-time-code', 'street-address', 'address-line1', 'address-line2', 'address-level1',
  'address-level2', 'address-level3', 'address-level4', 'postal-code', 'country', 'bday', 'bday-day', 'bday-month',
  'bday-year', 'sex', 'tel', 'tel-national', 'email', 'webauthn'])
const OWN_DATA = /(^|[._-])(email|phone|tel|mobile|street|postal_code)$/
const COMMON_WORDS = {
  id: /\b(yang|dan|untuk|ini|anda|dari|tidak|dengan|atau|sudah|oleh|pada)\b/gi,
  en: /\b(the|and|of|is|are|this|your|you|with|for|not|or|has|been)\b/gi
}
return {
  seen(node) {
    return node.checkVisibility({ visibilityProperty: true }) && node.getClientRects().length > 0
  },

  told(node) {
    return node.outerHTML.replace(/\s+/g, ' ').slice(0, 120)
  },

  controls() {
    return [...document.querySelectorAll('input:not([type=hidden]), select, textarea')]
  },

  // Labels, pasting, and what password managers may fill in (WCAG 1.3.5, 3.3.2, 3.3.8).
  fields() {
    const faults = []
    for (const node of this.controls()) {
      const named = node.labels?.length || node.ariaLabel || node.getAttribute('aria-labelledby')
      if (!named) faults.push(`no label: ${this.told(node)}`)
      const pasted = new ClipboardEvent('paste', { bubbles: true, cancelable: true })
      if (!node.dispatchEvent(pasted)) faults.push(`pasting is blocked: ${this.told(node)}`)
      const isSignIn = node.form?.querySelector('[type=password]') || node.type === 'email' || node.name === 'email'
      const filled = node.getAttribute('autocomplete') ?? '' // the property hides misspelt words
      if (isSignIn && (filled === 'off' || filled === '')) faults.push(`not filled in: ${this.told(node)}`)
      if (node.type === 'password' && !/^(current|new)-password$/.test(filled)) {
        faults.push(`not known as a password: ${this.told(node)}`)
      }
      // Purposes are HTML's own words; a misspelt one fills in nothing (WCAG 1.3.5).
      const purpose = filled.split(' ').find((word) => !KNOWN_PURPOSES.has(word))
      if (filled && purpose) faults.push(`unknown purpose ${purpose}: ${this.told(node)}`)
      if (OWN_DATA.test(node.name) && !filled) faults.push(`one's own data is not filled in: ${this.told(node)}`)
    }
    return faults
  },

  // Sentences in the other language that do not say so (WCAG 3.1.2); names and single words are not judged.
  languages() {
    const page = document.documentElement.lang
    const other = page === 'id' ? 'en' : 'id'
    const count = (text, language) => (text.match(COMMON_WORDS[language]) ?? []).length
    return this.texts().filter((node) => {
      const text = node.innerText ?? ''
      return node.closest('[lang]').lang === page && count(text, other) >= 3 && count(text, page) === 0
    }).map((node) => `is not marked as ${other}: ${this.told(node)}`)
  },

  // Asked while the reader wants no motion: whatever still moves.
  motion() {
    const lasts = (value) => value.split(',').some((one) => Number.parseFloat(one) > 0)
    return [...document.querySelectorAll('*')].filter((node) => {
      const style = getComputedStyle(node)
      return lasts(style.transitionDuration) || (style.animationName !== 'none' && lasts(style.animationDuration))
    }).slice(0, 3).map((node) => `moves although no motion is wanted: ${this.told(node)}`)
  },

  // Asked while the reader's own colours hold: controls keep an edge, and what is chosen is not told by colour alone.
  forced() {
    const faults = []
    const edge = (style) => ['Top', 'Right', 'Bottom', 'Left'].some((side) =>
      Number.parseFloat(style[`border${side}Width`]) > 0 && style[`border${side}Style`] !== 'none'
      && style[`border${side}Color`] !== style.backgroundColor)
    for (const node of document.querySelectorAll('button, a.govuk-button, input:not([type=hidden], [type=radio], [type=checkbox]), select, textarea')) {
      if (this.seen(node) && !edge(getComputedStyle(node))) faults.push(`no edge: ${this.told(node)}`)
    }
    const marks = (node) => {
      const style = getComputedStyle(node)
      return [style.outlineStyle, style.borderBottomColor, style.borderBottomWidth, style.fontWeight, style.textDecorationLine].join()
    }
    for (const node of document.querySelectorAll('nav a[aria-current], button[aria-pressed=true]')) {
      const siblings = [...(node.closest('ul, fieldset')?.querySelectorAll(node.tagName) ?? [])]
      const plain = siblings.find((one) => !one.ariaCurrent && one.ariaPressed !== 'true' && this.seen(one))
      if (plain && marks(plain) === marks(node)) faults.push(`chosen, and looks like the others: ${this.told(node)}`)
    }
    const paper = getComputedStyle(document.body).backgroundColor
    for (const node of document.querySelectorAll('.pd-steps .is-done, .pd-steps .is-now')) {
      if (getComputedStyle(node).backgroundColor === paper) faults.push(`step has vanished: ${this.told(node)}`)
    }
    return faults
  },

  // Elements that hold text of their own.
  texts() {
    const own = (node) => [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim())
    return [...document.body.querySelectorAll('*')].filter((node) => own(node) && this.seen(node))
  },

  size(node) {
    return Number.parseFloat(getComputedStyle(node).fontSize)
  },

  // Text that stays small when the reader's letters become twice as large.
  stuck() {
    const nodes = this.texts()
    const before = nodes.map((node) => this.size(node))
    document.documentElement.style.fontSize = '200%'
    return nodes.filter((node, place) => this.size(node) < before[place] * 1.9).map((node) => this.told(node))
  },

  // Text that a box cuts off. What is hidden from sight on purpose is a pixel wide.
  cut() {
    const clips = (value) => value === 'hidden' || value === 'clip'
    return this.texts().filter((node) => {
      if (node.closest('svg, .govuk-visually-hidden') || node.clientWidth < 3) return false
      const style = getComputedStyle(node)
      return (clips(style.overflowX) && node.scrollWidth > node.clientWidth + 1)
        || (clips(style.overflowY) && node.scrollHeight > node.clientHeight + 2)
    }).map((node) => this.told(node))
  },

  width() {
    return document.documentElement.scrollWidth
  },

  widest() {
    const over = [...document.body.querySelectorAll('*')]
      .filter((node) => this.seen(node) && node.getBoundingClientRect().right > innerWidth + 1)
    return over.slice(0, 3).map((node) => this.told(node))
  },

  // The summary of errors is first, announced, focused, and each of its links leads into a control.
  summary() {
    const box = document.querySelector('.govuk-error-summary')
    if (!box) return ['no error summary']
    const faults = []
    if (!box.querySelector('[role=alert]') && box.getAttribute('role') !== 'alert') faults.push('not announced')
    if (document.activeElement !== box) faults.push('the summary has not the focus')
    const first = document.querySelector('main h1, main form, main fieldset')
    if (!(box.compareDocumentPosition(first) & Node.DOCUMENT_POSITION_FOLLOWING)) faults.push('not first')
    for (const link of box.querySelectorAll('a[href^="#"]')) {
      const target = document.getElementById(decodeURIComponent(link.hash.slice(1)))
      if (!target?.matches('input, select, textarea, button')) faults.push(`${link.hash} leads to no control`)
    }
    return faults
  },

  // Everything that the Tab key must reach; of radios with one name only one is reached.
  reachable() {
    const groups = new Set()
    const all = 'a[href], button, summary, input:not([type=hidden]), select, textarea, [tabindex="0"]'
    return [...document.querySelectorAll(all)].filter((node) => {
      if (node.disabled || node.closest('[inert]') || !this.seen(node)) return false
      if (node.type !== 'radio') return true
      const group = (node.form ?? document).querySelector(`input[name="${CSS.escape(node.name)}"]:checked`)
      if (group ? group !== node : groups.has(node.name)) return false
      groups.add(node.name)
      return true
    })
  },

  look(node) {
    const parts = [[node, null], [node, '::before'], [node, '::after']]
    if (node.labels?.length) parts.push([node.labels[0], null], [node.labels[0], '::before'])
    if (node.parentElement) parts.push([node.parentElement, null])
    return parts.map(([one, pseudo]) => {
      const style = getComputedStyle(one, pseudo)
      return [style.outlineStyle, style.outlineWidth, style.boxShadow, style.backgroundColor].join()
    }).join('|')
  },

  begin() {
    const nodes = this.reachable()
    globalThis.pendopoTour = { nodes, before: nodes.map((node) => this.look(node)), reached: new Set(), last: -1 }
    return nodes.length
  },

  // After one press of Tab: what is wrong with where the focus is.
  step() {
    const tour = globalThis.pendopoTour
    const node = document.activeElement
    const place = tour.nodes.indexOf(node)
    if (place < 0) return []
    const faults = []
    if (place < tour.last && tour.reached.size < tour.nodes.length) faults.push(`out of order: ${this.told(node)}`)
    tour.last = place
    tour.reached.add(node)
    if (this.look(node) === tour.before[place]) faults.push(`focus is not shown: ${this.told(node)}`)
    if (this.covered(node)) faults.push(`focus is covered: ${this.told(node)}`)
    return faults
  },

  covered(node) {
    const boxes = [...node.getClientRects(), ...(node.labels ?? [])].map((box) => box.getBoundingClientRect?.() ?? box)
    return !boxes.some((box) => [[0.5, 0.5], [0.1, 0.5], [0.9, 0.5], [0.5, 0.2], [0.5, 0.8]].some(([x, y]) => {
      const hit = document.elementFromPoint(box.left + box.width * x, box.top + box.height * y)
      return hit && (node.contains(hit) || hit.contains(node) && hit.matches('a, button, label, summary')
        || [...(node.labels ?? [])].some((label) => label.contains(hit)))
    }))
  },

  missed() {
    const tour = globalThis.pendopoTour
    return tour.nodes.filter((node) => !tour.reached.has(node)).map((node) => `not reached: ${this.told(node)}`)
  },

  // Where help stands: the footer's links, in their order.
  help() {
    return [...document.querySelectorAll('footer a')].map((link) => new URL(link.href).pathname.replace(/^\/en/, ''))
  },
}
})()
