"""The matters of the demonstration's leadership meeting: invented, of every kind the body knows."""

from dataclasses import dataclass, field

from pendopo.cabinet.actions.dossiers import Alternative
from pendopo.cabinet.values import Classification


@dataclass(frozen=True, slots=True)
class Matter:
    """One dossier of the demonstration. ``answers`` are those of a coordination round, by seat."""

    code: str
    item_type: str
    owner: str
    title: str
    summary: str
    basis: str = ""
    minutes: int | None = None
    classification: Classification = Classification.OPEN
    alternatives: tuple[Alternative, ...] = ()
    answers: dict[str, tuple[str, str]] = field(default_factory=dict)


MATTERS = (
    Matter(
        "aplikasi",
        "perbup",
        "diskominfo",
        "Penghapusan 37 aplikasi ganda",
        "Kabupaten memelihara 112 aplikasi; 37 di antaranya mengerjakan hal yang sudah dikerjakan yang lain."
        " Rancangan ini menghentikan pemeliharaannya mulai Januari dan memindahkan datanya.",
        "Perpres 95/2018; Perpres 132/2022",
        15,
        answers={
            "bappeda": ("agree_if", "Data perencanaan 2026 dipindahkan lebih dahulu"),
            "bkad": ("agree", ""),
        },
    ),
    Matter(
        "akta",
        "kebijakan",
        "dukcapil",
        "Layanan akta kelahiran di semua puskesmas",
        "Bayi yang lahir di puskesmas memperoleh akta sebelum pulang. Tiga cara dibandingkan menurut biaya,"
        " waktu dan jangkauan.",
        "UU 24/2013; Permendagri 108/2019",
        20,
        alternatives=(
            Alternative("Bidan mengajukan lewat pendopo", "Tanpa petugas tambahan; perlu pelatihan 62 bidan"),
            Alternative("Petugas keliling dua hari sepekan", "Delapan petugas; akta terbit dalam tiga hari"),
            Alternative("Loket di lima puskesmas rawat inap", "Lima loket; menjangkau 71 persen kelahiran"),
        ),
        answers={"dinkes": ("agree", ""), "bkad": ("agree", "")},
    ),
    Matter(
        "apbd",
        "anggaran",
        "bkad",
        "Pergeseran anggaran jalan desa ke jembatan Kali Gending",
        "Jembatan darurat tidak layak dilalui kendaraan di atas lima ton. Pergeseran di dalam program yang"
        " sama, tanpa menambah pagu.",
        "PP 12/2019; Permendagri 77/2020",
        15,
    ),
    Matter(
        "bansos",
        "perbup",
        "dinsos",
        "Tata cara pemutakhiran data penerima bantuan sosial",
        "Musyawarah desa memutakhirkan data dua kali setahun. Penerima dapat menyanggah dan mendapat jawaban"
        " tertulis dalam 14 hari kerja.",
        "UU 13/2011; Permensos 3/2021",
        10,
    ),
    Matter(
        "zonasi",
        "raperda",
        "bappeda",
        "Rancangan perda rencana detail tata ruang perkotaan",
        "Menetapkan zona dan aturan pemanfaatan ruang untuk kawasan perkotaan; disampaikan kepada DPRD"
        " setelah persetujuan rapat.",
        "UU 26/2007; PP 21/2021",
        25,
    ),
    Matter(
        "stunting",
        "informasi",
        "dinkes",
        "Laporan triwulan III penurunan stunting",
        "Hasil penimbangan di 412 posyandu dan rencana triwulan berikutnya.",
        minutes=5,
    ),
    Matter(
        "jabatan",
        "pengangkatan",
        "bupati",
        "Usulan pengisian jabatan Kepala Dinas Perhubungan",
        "Tiga calon hasil seleksi terbuka dengan nilai dan catatan panitia.",
        "UU 20/2023",
        10,
        Classification.SECRET,
    ),
    Matter(
        "kantor",
        "perbup",
        "bkad",
        "Pemakaian bersama ruang rapat dan kendaraan dinas",
        "Ruang dan kendaraan dipesan lewat satu jadwal bersama; pemakaian dilaporkan setiap bulan.",
        "Permendagri 19/2016",
        5,
    ),
    Matter(
        "keamanan",
        "informasi",
        "diskominfo",
        "Hasil uji keamanan sistem layanan publik",
        "Temuan uji penetrasi dan tenggat perbaikannya. Terbatas sampai semua temuan diperbaiki.",
        "Peraturan BSSN 4/2021",
        10,
        Classification.LIMITED,
    ),
)
