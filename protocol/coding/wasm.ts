/** A WebAssembly module that lies in a TypeScript file as text. It is compiled when it is first wanted. */
export class WasmModule {
  readonly #text: string
  #compiled: object | undefined

  /** @param text base64 */
  constructor(text: string) {
    this.#text = text
  }

  /** Some engines have no WebAssembly (V8 without its compilers), some processors no SIMD. */
  runs(): boolean {
    return (
      this.#compiled !== undefined ||
      (typeof WebAssembly === 'object' && WebAssembly.validate(this.#octets()))
    )
  }

  /** The exports of a new instance: what the sources of the module say. */
  instance(): unknown {
    this.#compiled ??= new WebAssembly.Module(this.#octets())
    return new WebAssembly.Instance(this.#compiled).exports
  }

  #octets(): Uint8Array {
    const text = atob(this.#text)
    const octets = new Uint8Array(text.length)
    for (let i = 0; i < octets.length; i++) octets[i] = text.charCodeAt(i)
    return octets
  }
}

/** As much of it as is used here: neither ECMAScript's types nor those of Node say what it is. */
declare const WebAssembly: {
  validate(octets: Uint8Array): boolean
  readonly Module: new (octets: Uint8Array) => object
  readonly Instance: new (module: object) => { readonly exports: unknown }
}
