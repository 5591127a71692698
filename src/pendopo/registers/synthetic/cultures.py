"""How people are named in some of Indonesia's cultures, as tables for fiction.

Given names are common ones of no particular person. ``surnames`` pass from father to children where a culture
has family or clan names; elsewhere each person has a name of her own.
"""

from dataclasses import dataclass
from typing import Final

ISLAM: Final = "ISLAM"
KRISTEN: Final = "KRISTEN"
KATOLIK: Final = "KATOLIK"
HINDU: Final = "HINDU"
BUDDHA: Final = "BUDDHA"
KHONGHUCU: Final = "KHONGHUCU"


@dataclass(frozen=True, slots=True)
class Culture:
    """Name tables of one culture, where its people were mostly born, and how often it occurs (``weight``)."""

    code: str
    weight: int
    men: tuple[str, ...]
    women: tuple[str, ...]
    men_second: tuple[str, ...]
    women_second: tuple[str, ...]
    surnames: tuple[str, ...]
    religions: tuple[str, ...]
    regencies: tuple[str, ...]


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


CULTURES: Final = (
    Culture(
        code="javanese",
        weight=58,
        men=_words(
            "Slamet Agus Bambang Joko Budi Eko Dwi Tri Sigit Wahyu Heru Hari Sutrisno Suparman Sugeng"
            " Teguh Wawan"
            " Yanto Arif Dimas Bayu Galih Bagas Rizki Fajar Ilham Rangga Aditya Pandu Satria Gilang"
            " Lutfi Anwar"
        ),
        women=_words(
            "Sri Siti Endang Wahyuni Sulastri Sumarni Ratna Dewi Rini Retno Wulan Ningsih Yuni Tutik"
            " Lestari Kartini"
            " Ayu Intan Putri Anisa Nadia Rahma Indah Mega Novi Laras Sekar Nur Fitri Dian Eka Kinasih Arum"
        ),
        men_second=_words(
            "Santoso Prasetyo Widodo Nugroho Susanto Purnomo Wibowo Setiawan Hartono Saputra Raharjo"
            " Kusuma Handoko"
            " Sudarsono Utomo Wijaya Pratama Hidayat Suryanto Mulyono Permadi Wicaksono Haryanto Subagyo"
        ),
        women_second=_words(
            "Rahayu Lestari Handayani Wulandari Astuti Puspitasari Setyowati Kusumawati Widyastuti"
            " Utami Anggraini"
            " Mulyani Purwanti Suryani Pertiwi Hapsari Maharani Kurniasih Susilowati Nurhayati Safitri"
            " Ningrum"
        ),
        surnames=(),
        religions=(ISLAM,) * 17 + (KRISTEN, KATOLIK, KATOLIK),
        regencies=("33.14",) * 24
        + ("33.13", "33.12", "33.15", "33.72", "33.09", "34.71", "35.21", "35.19", "33.16"),
    ),
    Culture(
        code="sundanese",
        weight=8,
        men=_words(
            "Asep Ujang Dadang Cecep Dede Encep Iwan Yayan Nandang Tatang Aep Rian Deni Gugun Taufik Hendra"
        ),
        women=_words("Euis Neneng Iis Cucu Elis Yayah Ai Nining Lilis Teti Imas Rina Wida Dedeh Resti Silvi"),
        men_second=_words(
            "Sutisna Hidayat Suherman Sobari Mulyana Gunawan Kosasih Ruhiyat Permana Nugraha Saepudin"
        ),
        women_second=_words(
            "Rohaeti Nurjanah Sukaesih Komariah Rosita Maryati Hasanah Kurniawati Juariah Rostika"
        ),
        surnames=(),
        religions=(ISLAM,),
        regencies=("32.04", "32.73", "32.05", "32.11", "32.01", "33.14"),
    ),
    Culture(
        code="batak",
        weight=6,
        men=_words(
            "Togar Parlindungan Binsar Maruli Tigor Ramot Jonathan Daniel Poltak Hotman Samuel Andreas Ronald"
        ),
        women=_words(
            "Rosmawati Tiur Maria Lasma Duma Ruth Debora Romauli Tiarma Hotmaida Ester Melva Grace Natalia"
        ),
        men_second=_words("Hasiholan Pardomuan Martua Halomoan Parulian Jefri Tua Marihot"),
        women_second=_words("Uli Artauli Veronika Boru Elfrida Roma Sondang Marlina"),
        surnames=_words(
            "Simanjuntak Siregar Nasution Hutapea Panjaitan Sinaga Situmorang Manurung Lubis Harahap"
            " Sitorus Nainggolan"
        ),
        religions=(KRISTEN, KRISTEN, KRISTEN, KATOLIK, ISLAM),
        regencies=("12.12", "12.71", "12.02", "12.73", "12.08", "31.75"),
    ),
    Culture(
        code="bugis",
        weight=5,
        men=_words(
            "Baso Ambo Daeng Muhammad Syamsul Rustam Jamaluddin Amiruddin Firman Akbar Yusril Ashar Ridwan"
        ),
        women=_words(
            "Besse Hasnah Rosdiana Nurhidayah Sitti Hajrah Mardiana Indo Rahmatia Fatimah Andini Suarni"
        ),
        men_second=_words("Mappanyukki Lawi Tahir Pabokori Makkasau Saleh Hamzah Arsyad Mustafa Rahman"),
        women_second=_words("Tenri Aminah Ramlah Maemunah Salmiah Hadijah Yusuf Mansyur Kadir"),
        surnames=(),
        religions=(ISLAM,),
        regencies=("73.08", "73.71", "73.13", "73.12", "73.72", "33.14"),
    ),
    Culture(
        code="chinese-indonesian",
        weight=6,
        men=_words(
            "Hendra Andrian Kevin Michael Budiman Tommy Steven Robert Wiliam Edwin Felix Suryadi Yohanes"
        ),
        women=_words(
            "Meilani Lily Jessica Vivian Fransiska Angelina Stella Linda Yuliana Caroline Mei Hwa Michelle"
        ),
        men_second=_words("Kurniawan Gunawan Setiadi Susilo Hartanto Surya Adi Chandra"),
        women_second=_words("Kumala Susanti Widjaja Lestari Angela Oktaviani Setiawati"),
        surnames=_words("Tanujaya Halim Wijaya Salim Gunadi Liem Tan Lim Wibisono Hartono Santosa Kosasih"),
        religions=(BUDDHA, BUDDHA, KATOLIK, KATOLIK, KRISTEN, KRISTEN, KHONGHUCU),
        regencies=("33.72", "33.74", "35.78", "61.71", "12.71", "33.14"),
    ),
    Culture(
        code="minangkabau",
        weight=4,
        men=_words("Zulfikar Afrizal Syafril Hendri Rahmat Yusrizal Fauzan Ikhsan Dodi Masrul Erizal"),
        women=_words("Yulia Rosnida Desmawati Fitriani Nurlela Gusnita Yenni Mutia Rahmi Elvira Zahara"),
        men_second=_words("Chaniago Koto Piliang Tanjung Sikumbang Jambak Guci Caniago"),
        women_second=_words("Yanti Asmara Hanum Delima Marlis Roza Syafitri"),
        surnames=(),
        religions=(ISLAM,),
        regencies=("13.71", "13.06", "13.75", "13.07", "31.71"),
    ),
    Culture(
        code="balinese",
        weight=4,
        men=_words("Wayan Made Nyoman Ketut Putu Kadek Komang Gede"),
        women=_words("Luh Wayan Made Nyoman Ketut Putu Kadek Komang"),
        men_second=_words(
            "Suardana Artawan Sudiarta Wirawan Adnyana Suwitra Arimbawa Mahendra Darmawan Yudiana"
        ),
        women_second=_words(
            "Suartini Sukerti Ariani Wahyuni Sriani Puspawati Widiantari Darmayanti Sukmawati"
        ),
        surnames=(),
        religions=(HINDU,),
        regencies=("51.03", "51.71", "51.08", "51.04", "33.14"),
    ),
    Culture(
        code="madurese",
        weight=3,
        men=_words("Moh Mohammad Abd Hasan Busri Rofiq Hamid Mathari Syaiful Imron Holil Jufri"),
        women=_words("Sitti Maisaroh Hosniyah Rahmatun Sumiyati Aminatus Jamilah Musarrofah Hotimah Uswatun"),
        men_second=_words("Syafii Rahman Hamzah Munir Fauzi Anwar Latif Rosyid Hannan"),
        women_second=_words("Sholehah Romlah Hasanah Zahroh Kholifah Maryam Aisyah"),
        surnames=(),
        religions=(ISLAM,),
        regencies=("35.26", "35.27", "35.29", "35.28", "35.78"),
    ),
    Culture(
        code="eastern",
        weight=3,
        men=_words("Yohanes Petrus Markus Benediktus Yosef Agustinus Frans Thomas Silvester Gabriel Elia"),
        women=_words(
            "Maria Yuliana Theresia Yohana Agustina Margaretha Katarina Paulina Skolastika Elisabeth"
        ),
        men_second=_words("Antonius Yulius Kristian Marselinus Imanuel Raimundus"),
        women_second=_words("Goreti Imaculata Anastasia Bernadeta Oktaviana Lusia"),
        surnames=_words(
            "Tupamahu Latuheru Wenda Kogoya Rumbiak Wanggai Nggili Lobo Seran Bria Pattiasina Lekatompessy"
        ),
        religions=(KATOLIK, KATOLIK, KRISTEN, KRISTEN, KRISTEN),
        regencies=("81.71", "53.71", "53.08", "91.71", "94.01", "31.74"),
    ),
    Culture(
        code="dayak",
        weight=3,
        men=_words("Yansen Marten Lukas Darius Stepanus Hermanus Edwardus Alfian Rivaldo Syahrun"),
        women=_words("Yuliana Herlina Norma Lidia Marselina Rusmini Ernawati Sarlota Merry Irene"),
        men_second=_words("Lambung Tingang Ngabang Apui Jelani Usop Ding"),
        women_second=_words("Bawin Lawing Nyai Tina Uring Lian"),
        surnames=(),
        religions=(KRISTEN, KATOLIK, KATOLIK, ISLAM),
        regencies=("62.71", "61.03", "64.71", "61.08", "64.02"),
    ),
)
