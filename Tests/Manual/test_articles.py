"""Goal: the reader of articles finds every step, and takes for the same only what is. Method: made-up articles."""
import unittest

import articles

ARTICLE = """# A

Text before. Save it as `a/b.json`:

```json
{"a":
 1}
```

```console
$ one \\
> more
said
$ two
$ three
a … c
…
end
```

Not a file:

```json
2
```
"""


class ArticlesTests(unittest.TestCase):
    def steps(self):
        return articles.steps(ARTICLE, "A")

    def test_steps(self):
        self.assertEqual([(step.place, step.file, step.command, step.text) for step in self.steps()], [
            ("A:5", "a/b.json", None, '{"a":\n 1}\n'), ("A:11", None, "one \\\nmore", "said\n"), ("A:14", None, "two", ""),
            ("A:15", None, "three", "a … c\n…\nend\n")])

    def test_what_fits(self):
        _, one, two, three = self.steps()
        self.assertTrue(one.fits("said\n") and two.fits("") and three.fits("a b.* c\nend\n") and three.fits("a  c\nx\n\nend\n"))
        for said in ("said", "said\nmore\n", "", "xsaid\n"):
            self.assertFalse(one.fits(said), said)
        self.assertFalse(two.fits("anything\n"))
        for said in ("a b d\nend\n", "a\nc\nend\n", "a b c\nend\nx\n", "A b c\nend\n"):
            self.assertFalse(three.fits(said), said)

    def test_every_article_of_the_front_page_is_there(self):
        self.assertGreater(len(articles.names()), 25)
        self.assertGreater(sum(len(articles.article(name)) for name in articles.names()), 50)


if __name__ == "__main__":
    unittest.main()
