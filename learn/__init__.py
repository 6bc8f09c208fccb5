"""Where the weights of `dibao/extract/weights.json` come from: see docs/extraction.md."""
