"""Uploads: what may come in, what is taken out of it, what is refused and how."""

import contextlib
import io
import os
import resource
import signal
import socket
import struct
import time
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import pikepdf
import pytest
from PIL import Image, PngImagePlugin

from pendopo.documents import api, cleaning
from pendopo.documents.cleaning import apart
from pendopo.documents.cleaning.pdf import rebuild
from pendopo.documents.models import StoredFile
from pendopo.foundation.text import t

GPS, ORIENTATION, SOFTWARE = 0x8825, 0x0112, 0x0131


def picture(kind: str = "JPEG", size: tuple[int, int] = (40, 20), *, exif: Image.Exif | None = None) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (120, 60, 20)).save(out, kind, **({"exif": exif} if exif else {}))
    return out.getvalue()


def document(pages: int = 1) -> pikepdf.Pdf:
    made = pikepdf.new()
    for _ in range(pages):
        made.add_blank_page(page_size=(200, 200))
    return made


def saved(made: pikepdf.Pdf, **options: object) -> bytes:
    out = io.BytesIO()
    made.save(out, **options)  # type: ignore[arg-type]  # passed on as they are
    return out.getvalue()


def cleaned_pdf(made: pikepdf.Pdf) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(cleaning.clean(saved(made), "surat.pdf").data))


@pytest.mark.parametrize(
    ("data", "name", "media_type"),
    [
        (picture("JPEG"), "surat.jpg", "image/jpeg"),
        (picture("JPEG"), "SURAT LAHIR.JPEG", "image/jpeg"),
        (picture("PNG"), "surat.png", "image/png"),
        (saved(document()), "surat.pdf", "application/pdf"),
    ],
)
def test_what_is_allowed_comes_in(data: bytes, name: str, media_type: str) -> None:
    found = cleaning.clean(data, name)
    assert (found.media_type, found.filename) == (media_type, name)
    assert cleaning.sniff(found.data) == media_type


@pytest.mark.parametrize(
    ("data", "name", "error"),
    [
        (b"", "surat.pdf", api.EmptyFile),
        (b"MZ\x90\x00" + bytes(100), "surat.pdf", api.TypeNotAllowed),
        (b"<html><script>alert(1)</script>", "surat.png", api.TypeNotAllowed),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "surat.svg", api.TypeNotAllowed),
        (b"GIF89a" + bytes(50), "surat.gif", api.TypeNotAllowed),
        (picture("JPEG"), "surat.pdf", api.NameDoesNotFit),
        (picture("PNG"), "surat.jpg", api.NameDoesNotFit),
        (picture("JPEG"), "surat.jpg.exe", api.NameDoesNotFit),
        (picture("JPEG"), "surat", api.NameDoesNotFit),
        (picture("JPEG")[:200], "surat.jpg", api.BrokenFile),
        (b"\xff\xd8\xff\xe0 not a picture at all", "surat.jpg", api.BrokenFile),
        (b"%PDF-1.7\nnot a document at all", "surat.pdf", api.BrokenFile),
        (saved(document(61)), "surat.pdf", api.TooManyPages),
        (picture("JPEG") + bytes(10 * 1024 * 1024), "surat.jpg", api.FileTooLarge),
    ],
)
def test_what_is_not_allowed_is_refused(data: bytes, name: str, error: type[api.UnsafeFile]) -> None:
    with pytest.raises(error) as caught:
        cleaning.clean(data, name)
    assert t(caught.value.text_key, **caught.value.params)
    assert t(caught.value.text_key, "en", **caught.value.params)


def test_a_locked_pdf_is_refused() -> None:
    locked = saved(document(), encryption=pikepdf.Encryption(owner="o", user="u"))
    with pytest.raises(api.LockedFile):
        cleaning.clean(locked, "surat.pdf")


def test_a_picture_that_would_fill_the_memory_is_refused_unopened() -> None:
    with pytest.raises(api.PictureTooLarge):
        cleaning.clean(picture("PNG", (8000, 8000)), "surat.png")


def test_a_small_pdf_that_asks_for_gigabytes_costs_the_hall_nothing() -> None:
    """A compressed object stream of two gigabytes in two megabytes of file: its reader is bounded.

    The library either gives up or goes on without the object that it could not hold.
    """
    data = pdf_bomb(megabytes=2000)
    assert len(data) < 3 * cleaning.MEGABYTE
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with contextlib.suppress(api.BrokenFile):
        assert len(cleaning.clean(data, "surat.pdf").data) < cleaning.MEGABYTE
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 * 1024
    apart.stop()
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    assert 100 * cleaning.MEGABYTE < most <= apart.MOST_MEMORY_BYTES


def test_a_nursery_that_was_shot_costs_nobody_a_file() -> None:
    first = cleaning.clean(picture(), "surat.jpg").data
    (nursery,) = nurseries()
    os.kill(nursery, signal.SIGKILL)
    assert cleaning.clean(picture(), "surat.jpg").data == first
    assert nurseries() != [nursery]


@pytest.mark.parametrize(
    "answer", [b".ok 9\n12345678", b".ok 9\n1234567890", b".ok\n123456789", b".ok", b"."]
)
def test_half_an_answer_of_a_child_that_was_shot_is_no_file(answer: bytes) -> None:
    hall, child = socket.socketpair()
    with hall, child:
        child.sendall(answer)
        child.shutdown(socket.SHUT_WR)
        with pytest.raises(api.BrokenFile):
            apart.ask(hall, picture())


def test_a_child_that_was_taken_over_can_neither_fill_the_hall_nor_hold_it_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(apart, "LONGEST_ANSWER", cleaning.MEGABYTE)
    monkeypatch.setattr(apart, "MOST_SECONDS", 1)
    for drop, pause in ((b"x" * cleaning.MEGABYTE, 0), (b"x", 0.1)):
        hall, child = socket.socketpair()
        with hall, child, ThreadPoolExecutor(1) as pool:
            speaking = pool.submit(speak_on, child, drop, pause)
            with pytest.raises(api.BrokenFile):
                apart.ask(hall, picture())
            hall.close()
            assert speaking.result() > 0


def speak_on(child: socket.socket, drop: bytes, pause: float) -> int:
    """Say the same again until nobody listens; return how often it was heard."""
    for heard in range(600):
        try:
            child.sendall(drop)
        except OSError:
            return heard
        time.sleep(pause)  # a child that drips
    pytest.fail("the hall listens for ever")


def test_a_service_manager_that_ends_everything_leaves_the_nursery_to_the_hall() -> None:
    cleaning.clean(picture(), "surat.jpg")
    (nursery,) = nurseries()
    os.kill(nursery, signal.SIGTERM)
    cleaning.clean(picture(), "surat.jpg")
    assert nurseries() == [nursery]
    apart.stop()
    assert nurseries() == []


def test_a_file_that_nobody_began_to_read_is_not_to_blame() -> None:
    first = cleaning.clean(picture(), "surat.jpg").data
    (nursery,) = nurseries()
    os.kill(nursery, signal.SIGSTOP)
    with ThreadPoolExecutor(1) as pool:
        sent = pool.submit(cleaning.clean, picture(), "surat.jpg")
        time.sleep(0.2)  # it lies before a nursery that will never fetch it
        os.kill(nursery, signal.SIGKILL)
        assert sent.result().data == first


def test_nothing_of_the_hall_is_in_the_process_that_reads_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PENDOPO_ROOT_KEY_FILE", "/somewhere/root.key")
    apart.stop()
    cleaning.clean(picture(), "surat.jpg")
    (nursery,) = nurseries()
    environment = Path(f"/proc/{nursery}/environ").read_bytes()
    assert b"LC_ALL=C.UTF-8" in environment
    assert b"PENDOPO" not in environment
    held = {str(one.readlink()) for one in Path(f"/proc/{nursery}/fd").iterdir()}
    told = {str(Path(f"/proc/self/fd/{number}").readlink()) for number in (1, 2)}
    assert {name for name in held - told if not name.startswith("socket:")} == {"/dev/null"}


def nurseries() -> list[int]:
    """Return the ids of the nurseries that belong to this process."""
    own, found = f"PPid:\t{os.getpid()}\n", []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            command = (folder / "cmdline").read_bytes()
            if apart.MODULE.encode() in command and own in (folder / "status").read_text():
                found.append(int(folder.name))
    return found


def test_the_same_pdf_with_a_small_stream_is_no_bomb() -> None:
    assert cleaning.clean(pdf_bomb(megabytes=1), "surat.pdf").data.startswith(b"%PDF-")


def pdf_bomb(*, megabytes: int) -> bytes:
    """Return a one-page PDF with one object stream that is mostly spaces (ISO 32000-2, 7.5.7)."""
    head = b"6 0 "
    packer = zlib.compressobj(9)
    packed = packer.compress(head + b"<</A 1>>")
    for _ in range(megabytes):
        packed += packer.compress(b" " * cleaning.MEGABYTE)
    packed += packer.flush()
    out, places = bytearray(b"%PDF-1.5\n"), {}
    stream = b"<</Type/ObjStm/N 1/First %d/Filter/FlateDecode/Length %d>>stream\n" % (len(head), len(packed))
    parts = {
        1: b"<</Type/Catalog/Pages 2 0 R/X 6 0 R>>",
        2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 10 10]>>",
        5: stream + packed + b"\nendstream",
    }
    for number, part in parts.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%b\nendobj\n" % (number, part)
    table = len(out)
    rows = {number: (1, place, 0) for number, place in places.items()} | {6: (2, 5, 0), 7: (1, table, 0)}
    lines = b"".join(struct.pack(">BIH", *rows.get(number, (0, 0, 0))) for number in range(8))
    out += b"7 0 obj\n<</Type/XRef/Size 8/W[1 4 2]/Root 1 0 R/Length %d>>stream\n%b" % (len(lines), lines)
    return bytes(out + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % table)


def test_a_photo_loses_its_place_and_stands_upright() -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    exif[SOFTWARE] = "telepon"
    exif[GPS] = {1: "S", 2: (6.0, 10.0, 0.0)}
    with Image.open(io.BytesIO(cleaning.clean(picture(exif=exif), "foto.jpg").data)) as found:
        assert not found.getexif()
        assert found.size == (20, 40)


def test_text_chunks_and_trailing_bytes_do_not_survive() -> None:
    hidden = PngImagePlugin.PngInfo()
    hidden.add_text("Comment", "rahasia")
    out = io.BytesIO()
    Image.new("RGB", (10, 10)).save(out, "PNG", pnginfo=hidden)
    found = cleaning.clean(out.getvalue() + b"PK\x03\x04 payload", "foto.png").data
    assert b"rahasia" not in found
    assert b"payload" not in found


def test_scripts_launches_and_attachments_are_taken_out() -> None:
    made = document()
    script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    launch = pikepdf.Dictionary(S=pikepdf.Name.Launch, F="cmd.exe")
    made.Root.OpenAction = script
    made.Root.AA = pikepdf.Dictionary(WC=script)
    made.Root.Names = pikepdf.Dictionary(
        JavaScript=pikepdf.Dictionary(Names=pikepdf.Array(["a", script])),
        EmbeddedFiles=pikepdf.Dictionary(Names=pikepdf.Array([])),
    )
    link = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=launch)
    clip = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.FileAttachment, Rect=[0, 0, 9, 9])
    made.pages[0].obj.Annots = made.make_indirect(pikepdf.Array([link, made.make_indirect(clip)]))
    made.attachments["virus.exe"] = b"MZ"
    found = cleaned_pdf(made)
    text = b"".join(
        item.unparse(resolved=True) for item in found.objects if not isinstance(item, pikepdf.Stream)
    )
    for gone in (
        b"/JavaScript",
        b"/JS",
        b"/Launch",
        b"/OpenAction",
        b"/AA",
        b"/EmbeddedFile",
        b"/FileAttachment",
    ):
        assert gone not in text


def test_a_chain_of_actions_is_cut() -> None:
    made = document()
    script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    innocent = pikepdf.Dictionary(S=pikepdf.Name.URI, URI="https://example.org", Next=pikepdf.Array([script]))
    link = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=innocent
    )
    made.pages[0].obj.Annots = pikepdf.Array([link])
    found = cleaned_pdf(made)
    kept = found.pages[0].obj["/Annots"][0]["/A"]
    assert str(kept["/URI"]) == "https://example.org"
    assert "/Next" not in kept


def test_metadata_is_taken_out() -> None:
    made = document()
    made.docinfo["/Author"] = "Siti"
    assert "/Info" not in cleaned_pdf(made).trailer


def test_a_damaged_pdf_that_was_recovered_can_be_opened_again() -> None:
    whole = saved(document(), object_stream_mode=pikepdf.ObjectStreamMode.disable)
    damaged = whole[: whole.index(b"xref")] + b"trailer << /Root 1 0 R >>\n%%EOF\n"
    with pikepdf.open(io.BytesIO(rebuild(damaged))) as again:
        assert len(again.pages) == 1


def test_a_name_keeps_no_path_and_no_control_characters() -> None:
    assert cleaning.clean(picture(), "C:\\foto\\..\\surat\u202e\n.jpg").filename == "surat.jpg"


@pytest.mark.django_db
def test_a_file_is_kept_encrypted_and_comes_back() -> None:
    owner = uuid4()
    kept = api.store_upload(
        picture(), "surat lahir Anindya.jpg", owner_subject_id=owner, purpose="evidence:x"
    )
    assert api.file(kept.id) == kept
    assert api.read_file(kept.id)[:3] == b"\xff\xd8\xff"
    row = StoredFile.objects.get(id=kept.id)
    assert b"Anindya" not in bytes(row.sealed_filename)


@pytest.mark.django_db
def test_a_deleted_file_is_gone() -> None:
    kept = api.store_upload(picture(), "surat.jpg", owner_subject_id=uuid4(), purpose="evidence:x")
    api.delete_file(kept.id)
    api.delete_file(kept.id)
    with pytest.raises(api.FileNotFound):
        api.read_file(kept.id)
