from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taizhang.engines import pinyin
from taizhang.engines.wordsearch import Run, asked, fold, grams, row_text, runs, stands

SIGNS = "科普学会讲座aB1-_%'\"\\ ＡＢ１－㎡ßé。\n\t\0"
texts = st.text(SIGNS, max_size=20) | st.text(max_size=20)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ＨＤ－２０２１", "hd－2021"),
        ("HD-2021", "hd－2021"),
        ("  a \n b\t", "a\u3000b"),
        ("Straße", "strasse"),
        ("100㎡", "100m2"),
        ("科普", "科普"),
        ("a\ue000b\x00c\x7f", "abc"),
        ("50%_", "50％＿"),
    ],
)
def test_texts_are_folded_so_that_they_compare(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(texts)
def test_folding_twice_changes_nothing_and_leaves_no_ascii_sign(text: str) -> None:
    folded = fold(text)
    assert fold(folded) == folded
    assert all(sign.isalnum() for sign in folded if sign.isascii())


@given(texts, texts, st.data())
def test_a_word_of_a_text_stands_in_it(before: str, after: str, data: st.DataObject) -> None:
    text = row_text([before, after])
    for line in text.split("\n"):
        if line:
            start = data.draw(st.integers(0, len(line) - 1))
            end = data.draw(st.integers(start + 1, len(line)))
            assert stands(Run(line[start:end]), text)


@given(st.lists(texts, max_size=3), texts)
def test_the_index_proposes_every_row_in_which_a_run_stands(fields: list[str], word: str) -> None:
    text = row_text(fields, fields[:1])
    known = grams(text)
    for run in runs(word):
        if not run.text and not run.first:
            continue
        proposed = all(
            any(
                gram in known if whole else any(k.startswith(gram) for k in known)
                for gram, whole in group
            )
            for group in asked(run).groups
        )
        assert proposed or not stands(run, text)
        if asked(run).exact:
            assert proposed == stands(run, text)


def test_a_row_is_found_by_its_words_its_sound_and_its_initials() -> None:
    text = row_text(["HD-1", "青山村科普讲座"], ["青山村科普讲座"])
    for word in ("科", "科普", "hd-1", "Ｈ", "kepu", "kep", "KPJZ", "qsckp", "qing", "shan'cun"):
        assert any(stands(run, text) for run in runs(word)), word
    for word in ("普科", "hd-2", "epu", "kpz", "qingsan", "青 山"):
        assert not any(stands(run, text) for run in runs(word)), word


def test_the_sound_of_a_name_is_no_text() -> None:
    text = row_text(["科普"], ["科普"])
    assert len(text.split("\n")) == 3
    assert not stands(Run("ke"), text)
    assert row_text(["科普"]) == "科普"
    assert row_text(["", "x", "x"]) == "x"


def test_a_run_that_ends_in_any_of_some_is_each_of_them() -> None:
    first, last = pinyin.span("p") or ("", "")
    run = Run(pinyin.spoken("ke"), first, last)
    assert pinyin.spoken("ke", "pu") in run.ends
    assert len(run.ends) == ord(last) - ord(first) + 1
    assert Run("a").ends == ["a"]


def test_one_letter_is_no_name() -> None:
    assert runs("k") == [Run("k")]
    assert len(runs("ke")) == 3
