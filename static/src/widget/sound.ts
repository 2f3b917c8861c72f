/** Two soft notes for a new message; silent until the shopper has clicked in the widget. */

const NOTES = [[660, 0], [880, 0.12]] as const

export class Sound {
  #audio: AudioContext | null = null

  /** Browsers allow sound only after a click; call it from one. */
  unlock(): void {
    if (!this.#audio && typeof AudioContext === 'function') this.#audio = new AudioContext()
  }

  ring(): void {
    const audio = this.#audio
    if (!audio) return
    const gain = audio.createGain()
    gain.gain.setValueAtTime(0.08, audio.currentTime)
    gain.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + 0.5)
    gain.connect(audio.destination)
    for (const [pitch, delay] of NOTES) {
      const note = audio.createOscillator()
      note.frequency.value = pitch
      note.connect(gain)
      note.start(audio.currentTime + delay)
      note.stop(audio.currentTime + delay + 0.3)
    }
  }
}
