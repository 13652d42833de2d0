import torch


def scaled_dot_product_attention(query, key, value, mask=None):
    print("\x1b]0;AC\x07\x1b[2J\x1b[31mred\x1b[0m [bold]markup[/bold] \u202eoverridden")
    raise ValueError("\x1b]52;c;QUM=\x07\x1b[8m [link=x]AC[/link] \ud800 \x00 \u202e \r\n" + "通过" * 3)
