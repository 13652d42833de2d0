"""One widget per way of answering. Each holds an answer, can be put back from a draft, and shows what was right afterwards."""
