import { useRef, useState, type ChangeEvent } from 'react'

const places = [0, 1, 2, 3, 4, 5]

/** What a code field is measured against: six inputs with one character each, the focus going on by itself. */
export function SixInputs({ label, onComplete }: { label: string; onComplete: (code: string) => void }) {
  const [chars, setChars] = useState(() => places.map(() => ''))
  const inputs = useRef<(HTMLInputElement | null)[]>([])

  function change(place: number, event: ChangeEvent<HTMLInputElement>) {
    const next = chars.map((char, index) => (index === place ? event.target.value : char))
    setChars(next)
    if (event.target.value) inputs.current[place + 1]?.focus()
    if (next.every(Boolean)) onComplete(next.join(''))
  }

  return (
    <fieldset className="six">
      <legend>{label}</legend>
      {places.map((place) => (
        <input
          key={place}
          ref={(input) => {
            inputs.current[place] = input
          }}
          inputMode="numeric"
          maxLength={1}
          aria-label={`${label} ${place + 1}`}
          value={chars[place]}
          onChange={(event) => change(place, event)}
        />
      ))}
    </fieldset>
  )
}
