"""The root key's way out of the house and back."""

import json
import stat
from pathlib import Path

import pytest

from pendopo.foundation.settings import current
from pendopo.keys import escrow
from pendopo.keys.errors import (
    EscrowClosedError,
    EscrowError,
    EscrowMissingError,
    ExistsAlreadyError,
    NoEscrowError,
    NoFolderError,
    WeakPassphraseError,
)
from pendopo.keys.tests.verbs import run

PASSPHRASE = "kawung lumbung saksi embun pasar tangga"
ROOT_KEY = bytes(range(32))


def test_what_was_escrowed_comes_back(tmp_path: Path) -> None:
    done = escrow.write(ROOT_KEY, PASSPHRASE, tmp_path / "escrow.json")
    assert (done.words, done.fingerprint) == (6, escrow.fingerprint(ROOT_KEY))
    back = tmp_path / "root.key"
    assert escrow.recover(done.path, PASSPHRASE, to=back) == done.fingerprint
    assert back.read_bytes() == ROOT_KEY
    assert stat.S_IMODE(back.stat().st_mode) == stat.S_IMODE(done.path.stat().st_mode) == 0o600


def test_line_breaks_and_double_spaces_in_the_passphrase_do_not_matter(tmp_path: Path) -> None:
    path = escrow.write(ROOT_KEY, PASSPHRASE, tmp_path / "escrow.json").path
    assert escrow.read(path, PASSPHRASE.replace(" ", "  ") + "\n") == ROOT_KEY


def test_a_wrong_passphrase_opens_nothing(tmp_path: Path) -> None:
    path = escrow.write(ROOT_KEY, PASSPHRASE, tmp_path / "escrow.json").path
    with pytest.raises(EscrowClosedError):
        escrow.read(path, PASSPHRASE + " lagi")


def test_a_changed_header_opens_nothing(tmp_path: Path) -> None:
    path = escrow.write(ROOT_KEY, PASSPHRASE, tmp_path / "escrow.json").path
    content = json.loads(path.read_text())
    content["header"]["fingerprint"] = "0" * 16
    path.write_text(json.dumps(content))
    with pytest.raises(EscrowClosedError):
        escrow.read(path, PASSPHRASE)


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"header": 1, "ciphertext": ""}'])
def test_what_is_no_escrow_file_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "escrow.json"
    path.write_text(text)
    with pytest.raises(NoEscrowError):
        escrow.read(path, PASSPHRASE)


def test_a_missing_file_or_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(EscrowMissingError) as missing:
        escrow.read(tmp_path / "nothing", PASSPHRASE)
    assert missing.value.params == {"path": str(tmp_path / "nothing"), "reason": "No such file or directory"}
    with pytest.raises(NoFolderError) as caught:
        escrow.write(ROOT_KEY, PASSPHRASE, tmp_path / "nowhere" / "escrow.json")
    assert caught.value.params == {"path": str(tmp_path / "nowhere")}


def test_few_words_are_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(WeakPassphraseError) as caught:
        escrow.write(ROOT_KEY, "satu dua-tiga", tmp_path / "escrow.json")
    assert caught.value.params == {"words": 3, "least": 6}
    assert not (tmp_path / "escrow.json").exists()


def test_no_file_is_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "escrow.json"
    path.write_text("something else")
    with pytest.raises(ExistsAlreadyError):
        escrow.write(ROOT_KEY, PASSPHRASE, path)
    assert path.read_text() == "something else"


def test_another_root_key_is_not_replaced(tmp_path: Path) -> None:
    path = escrow.write(ROOT_KEY, PASSPHRASE, tmp_path / "escrow.json").path
    other = tmp_path / "root.key"
    other.write_bytes(bytes(32))
    with pytest.raises(EscrowError):
        escrow.recover(path, PASSPHRASE, to=other)
    assert other.read_bytes() == bytes(32)


def test_the_root_key_is_not_in_the_file(tmp_path: Path) -> None:
    path = escrow.write(ROOT_KEY, PASSPHRASE, tmp_path / "escrow.json").path
    assert ROOT_KEY.hex() not in path.read_text()


def test_the_verbs_say_how_many_words_and_bring_the_key_back(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = tmp_path / "words"
    words.write_text(PASSPHRASE + "\n")
    file, back = tmp_path / "escrow.json", tmp_path / "root.key"
    assert run("escrow", "--out", str(file), "--passphrase-file", str(words)) == 0
    assert "a passphrase of 6 words" in capsys.readouterr().out
    assert run("recover", str(file), "--to", str(back), "--passphrase-file", str(words)) == 0
    assert back.read_bytes() == current().root_key_file.read_bytes()
