/* fixed_007.c: the elements of 007, by category of material (MARC 21 Bibliographic, 007). Meanings are
 * given where lists are short or much asked for. */
#include "marc/fixed.h"

#define END { NULL, NULL }

/* Bits in the order of FIXED_007. */
enum {
	MAP = 1, ELECTRONIC = 2, GLOBE = 4, TACTILE = 8, PROJECTED = 16, MICROFORM = 32, NONPROJECTED = 64, FILM = 128,
	KIT = 256, NOTATED = 512, REMOTE = 1024, SOUND = 2048, TEXT = 4096, VIDEO = 8192, UNSPECIFIED = 16384,
	ALL = 32767,
};

static const struct coded categories[] = {
	{ "a", "map" }, { "c", "electronic resource" }, { "d", "globe" }, { "f", "tactile material" },
	{ "g", "projected graphic" }, { "h", "microform" }, { "k", "nonprojected graphic" },
	{ "m", "motion picture" }, { "o", "kit" }, { "q", "notated music" },
	{ "r", "remote-sensing image" }, { "s", "sound recording" }, { "t", "text" },
	{ "v", "videorecording" }, { "z", "unspecified" }, END,
};
static const struct coded electronic[] = {
	{ "a", "tape cartridge" }, { "b", "chip cartridge" }, { "c", "computer optical disc cartridge" },
	{ "d", "computer disc, type unspecified" }, { "e", "computer disc cartridge, type unspecified" },
	{ "f", "tape cassette" }, { "h", "tape reel" }, { "j", "magnetic disk" }, { "k", "computer card" },
	{ "m", "magneto-optical disc" }, { "o", "optical disc" }, { "r", "remote" },
	{ "s", "standalone device" }, { "u", "unspecified" }, { "z", "other" },
	{ "|", "no attempt to code" }, END,
};
static const struct coded sound[] = {
	{ "b", "belt" }, { "d", "sound disc" }, { "e", "cylinder" }, { "g", "sound cartridge" },
	{ "i", "sound-track film" }, { "q", "roll" }, { "r", "remote" }, { "s", "sound cassette" },
	{ "t", "sound-tape reel" }, { "u", "unspecified" }, { "w", "wire recording" }, { "z", "other" },
	{ "|", "no attempt to code" }, END,
};
static const struct coded video[] = {
	{ "c", "videocartridge" }, { "d", "videodisc" }, { "f", "videocassette" }, { "r", "videoreel" },
	{ "u", "unspecified" }, { "z", "other" }, { "|", "no attempt to code" }, END,
};
static const struct coded text[] = {
	{ "a", "regular print" }, { "b", "large print" }, { "c", "braille" }, { "d", "loose-leaf" },
	{ "u", "unspecified" }, { "z", "other" }, { "|", "no attempt to code" }, END,
};
static const struct coded microform[] = {
	{ "a", "aperture card" }, { "b", "microfilm cartridge" }, { "c", "microfilm cassette" },
	{ "d", "microfilm reel" }, { "e", "microfiche" }, { "f", "microfiche cassette" },
	{ "g", "microopaque" }, { "h", "microfilm slip" }, { "j", "microfilm roll" },
	{ "u", "unspecified" }, { "z", "other" }, { "|", "no attempt to code" }, END,
};
static const struct coded speeds[] = {
	{ "a", "16 rpm" }, { "b", "33 1/3 rpm" }, { "c", "45 rpm" }, { "d", "78 rpm" }, { "e", "8 rpm" },
	{ "f", "1.4 m/s" }, { "h", "120 rpm" }, { "i", "160 rpm" }, { "k", "15/16 ips" },
	{ "l", "1 7/8 ips" }, { "m", "3 3/4 ips" }, { "n", "not applicable" }, { "o", "7 1/2 ips" },
	{ "p", "15 ips" }, { "r", "30 ips" }, { "u", "unknown" }, { "z", "other" },
	{ "|", "no attempt to code" }, END,
};
static const struct coded video_formats[] = {
	{ "a", "Beta" }, { "b", "VHS" }, { "c", "U-matic" }, { "d", "EIAJ" }, { "e", "Type C" },
	{ "f", "Quadruplex" }, { "g", "Laserdisc" }, { "h", "CED" }, { "i", "Betacam" },
	{ "j", "Betacam SP" }, { "k", "Super-VHS" }, { "m", "M-II" }, { "o", "D-2" }, { "p", "8 mm" },
	{ "q", "Hi-8 mm" }, { "s", "Blu-ray" }, { "u", "unknown" }, { "v", "DVD" }, { "z", "other" },
	{ "|", "no attempt to code" }, END,
};
static const struct coded channels[] = {
	{ "k", "mixed" }, { "m", "monaural" }, { "n", "not applicable" }, { "q", "quadraphonic or surround" },
	{ "s", "stereophonic" }, { "u", "unknown" }, { "z", "other" }, { "|", "no attempt to code" }, END,
};
static const struct coded polarity[] = {
	{ "a", "positive" }, { "b", "negative" }, { "m", "mixed" }, { "n", "not applicable" },
	{ "u", "unknown" }, { "z", "other" }, { "|", "no attempt to code" }, END,
};

const struct element fixed_007[] = {
	{ "category", ALL, 0, 1, categories },
	{ "designation", ELECTRONIC, 1, 1, electronic },
	{ "designation", MICROFORM, 1, 1, microform },
	{ "designation", SOUND, 1, 1, sound },
	{ "designation", TEXT, 1, 1, text },
	{ "designation", VIDEO, 1, 1, video },
	{ "designation", ALL, 1, 1, NULL },
	{ "color", MAP | ELECTRONIC | GLOBE | PROJECTED | NONPROJECTED | FILM | VIDEO, 3, 1, NULL },
	{ "color", MICROFORM, 9, 1, NULL },
	{ "medium", MAP | GLOBE, 4, 1, NULL },
	{ "reproduction_type", MAP | GLOBE, 5, 1, NULL },
	{ "production_details", MAP, 6, 1, NULL },
	{ "polarity", MAP, 7, 1, polarity },
	{ "polarity", MICROFORM, 3, 1, polarity },
	{ "polarity", FILM, 10, 1, polarity },
	{ "dimensions", ELECTRONIC | MICROFORM, 4, 1, NULL },
	{ "dimensions", PROJECTED | FILM | VIDEO, 7, 1, NULL },
	{ "dimensions", SOUND, 6, 1, NULL },
	/* electronic resource */
	{ "sound", ELECTRONIC, 5, 1, NULL },
	{ "bit_depth", ELECTRONIC, 6, 3, NULL },
	{ "file_formats", ELECTRONIC, 9, 1, NULL },
	{ "quality_targets", ELECTRONIC, 10, 1, NULL },
	{ "source", ELECTRONIC, 11, 1, NULL },
	{ "compression", ELECTRONIC, 12, 1, NULL },
	{ "reformatting_quality", ELECTRONIC, 13, 1, NULL },
	/* tactile material */
	{ "braille_class", TACTILE, 3, 2, NULL },
	{ "contraction", TACTILE, 5, 1, NULL },
	{ "braille_music_format", TACTILE, 6, 3, NULL },
	{ "special_characteristics", TACTILE, 9, 1, NULL },
	/* what is projected */
	{ "emulsion_base", PROJECTED, 4, 1, NULL },
	{ "sound_on_medium", PROJECTED | FILM | VIDEO, 5, 1, NULL },
	{ "sound_medium", PROJECTED | FILM | VIDEO, 6, 1, NULL },
	{ "secondary_support", PROJECTED, 8, 1, NULL },
	{ "presentation_format", FILM, 4, 1, NULL },
	{ "format", VIDEO, 4, 1, video_formats },
	{ "channels", FILM | VIDEO, 8, 1, channels },
	{ "production_elements", FILM, 9, 1, NULL },
	{ "generation", FILM | MICROFORM, 11, 1, NULL },
	{ "film_base", FILM | MICROFORM, 12, 1, NULL },
	{ "color_categories", FILM, 13, 1, NULL },
	{ "color_stock", FILM, 14, 1, NULL },
	{ "deterioration", FILM, 15, 1, NULL },
	{ "completeness", FILM, 16, 1, NULL },
	{ "inspection_date", FILM, 17, 6, NULL },
	/* microform */
	{ "reduction_range", MICROFORM, 5, 1, NULL },
	{ "reduction_ratio", MICROFORM, 6, 3, NULL },
	{ "emulsion", MICROFORM, 10, 1, NULL },
	/* nonprojected graphic */
	{ "primary_support", NONPROJECTED, 4, 1, NULL },
	{ "secondary_support", NONPROJECTED, 5, 1, NULL },
	/* remote-sensing image */
	{ "altitude", REMOTE, 3, 1, NULL },
	{ "attitude", REMOTE, 4, 1, NULL },
	{ "cloud_cover", REMOTE, 5, 1, NULL },
	{ "platform_construction", REMOTE, 6, 1, NULL },
	{ "platform_use", REMOTE, 7, 1, NULL },
	{ "sensor_type", REMOTE, 8, 1, NULL },
	{ "data_type", REMOTE, 9, 2, NULL },
	/* sound recording */
	{ "speed", SOUND, 3, 1, speeds },
	{ "channels", SOUND, 4, 1, channels },
	{ "groove", SOUND, 5, 1, NULL },
	{ "tape_width", SOUND, 7, 1, NULL },
	{ "tape_configuration", SOUND, 8, 1, NULL },
	{ "disc_kind", SOUND, 9, 1, NULL },
	{ "material_kind", SOUND, 10, 1, NULL },
	{ "cutting", SOUND, 11, 1, NULL },
	{ "playback", SOUND, 12, 1, NULL },
	{ "capture", SOUND, 13, 1, NULL },
	{ NULL, 0, 0, 0, NULL },
};
