-- The portal's state. Money and rates are whole numbers: prices in 10^-8, quantities and rates in 10^-4, amounts of a
-- row in 10^-6, sums in cents. AUTOINCREMENT never gives an id twice, also after a deletion.

CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value TEXT NOT NULL);

CREATE TABLE IF NOT EXISTS currency (
    code TEXT PRIMARY KEY, full_name TEXT NOT NULL, amount INTEGER NOT NULL, amount_count INTEGER NOT NULL,
    decimals INTEGER NOT NULL, sort INTEGER NOT NULL, base TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS measure (
    id INTEGER PRIMARY KEY, code INTEGER NOT NULL UNIQUE, title TEXT NOT NULL, symbol TEXT NOT NULL,
    symbol_international TEXT NOT NULL, is_default TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS vat (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, rate INTEGER, active TEXT NOT NULL, sort INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS catalog (
    iblock_id INTEGER PRIMARY KEY, name TEXT NOT NULL, product_iblock_id INTEGER, sku_property_id INTEGER, vat_id INTEGER
);
CREATE TABLE IF NOT EXISTS product (
    id INTEGER PRIMARY KEY, iblock_id INTEGER NOT NULL, name TEXT NOT NULL, type INTEGER NOT NULL, parent_id INTEGER,
    measure_code INTEGER NOT NULL, vat_id INTEGER, vat_included TEXT NOT NULL, quantity INTEGER NOT NULL,
    active TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS price (
    id INTEGER PRIMARY KEY, product_id INTEGER NOT NULL, catalog_group_id INTEGER NOT NULL, price INTEGER NOT NULL,
    currency TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS pay_system (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, active TEXT NOT NULL, sort INTEGER NOT NULL, is_cash TEXT NOT NULL,
    action_file TEXT NOT NULL, registry_type TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS delivery_service (
    id INTEGER PRIMARY KEY, parent_id INTEGER NOT NULL, name TEXT NOT NULL, active TEXT NOT NULL,
    description TEXT NOT NULL, sort INTEGER NOT NULL, currency TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS smart_type (
    id INTEGER PRIMARY KEY, entity_type_id INTEGER NOT NULL UNIQUE, title TEXT NOT NULL, code TEXT NOT NULL,
    has_products TEXT NOT NULL, has_client TEXT NOT NULL, created_time TEXT NOT NULL
);

CREATE TABLE IF NOT EXISTS item (
    entity_type_id INTEGER NOT NULL, id INTEGER NOT NULL, title TEXT NOT NULL, name TEXT, last_name TEXT,
    account_number TEXT, category_id INTEGER, stage_id TEXT, assigned_by_id INTEGER NOT NULL, company_id INTEGER,
    contact_id INTEGER, my_company_id INTEGER, currency_id TEXT NOT NULL, opportunity INTEGER NOT NULL DEFAULT 0,
    tax_value INTEGER NOT NULL DEFAULT 0, is_manual_opportunity TEXT NOT NULL DEFAULT 'N', opened TEXT NOT NULL,
    closed TEXT NOT NULL, begin_date TEXT, close_date TEXT, comments TEXT, created_time TEXT NOT NULL,
    updated_time TEXT NOT NULL,
    PRIMARY KEY (entity_type_id, id)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS product_row (
    id INTEGER PRIMARY KEY AUTOINCREMENT, owner_type TEXT NOT NULL, owner_id INTEGER NOT NULL,
    product_id INTEGER NOT NULL, product_name TEXT NOT NULL, price INTEGER NOT NULL, price_account INTEGER NOT NULL,
    price_exclusive INTEGER NOT NULL, price_netto INTEGER NOT NULL, price_brutto INTEGER NOT NULL,
    quantity INTEGER NOT NULL, discount_type_id INTEGER NOT NULL, discount_rate INTEGER NOT NULL,
    discount_sum INTEGER NOT NULL, tax_rate INTEGER, tax_included TEXT NOT NULL, tax_name TEXT NOT NULL,
    measure_code INTEGER NOT NULL, measure_name TEXT NOT NULL, sort INTEGER NOT NULL, type INTEGER NOT NULL,
    amount INTEGER NOT NULL, tax INTEGER NOT NULL, xml_id TEXT NOT NULL DEFAULT '', store_id INTEGER
);
CREATE INDEX IF NOT EXISTS product_row_owner ON product_row (owner_type, owner_id);
CREATE INDEX IF NOT EXISTS product_row_owner_sorted ON product_row (owner_type, owner_id, sort, id, amount, tax);

CREATE TABLE IF NOT EXISTS sale_order (
    id INTEGER PRIMARY KEY AUTOINCREMENT, account_number TEXT NOT NULL, currency TEXT NOT NULL, company_id INTEGER,
    contact_id INTEGER, user_id INTEGER NOT NULL, status_id TEXT NOT NULL, canceled TEXT NOT NULL DEFAULT 'N',
    date_insert TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS order_binding (
    order_id INTEGER PRIMARY KEY, owner_type_id INTEGER NOT NULL, owner_id INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS order_binding_owner ON order_binding (owner_type_id, owner_id);

CREATE TABLE IF NOT EXISTS basket_item (
    id INTEGER PRIMARY KEY AUTOINCREMENT, order_id INTEGER NOT NULL, row_id INTEGER NOT NULL,
    product_id INTEGER NOT NULL, name TEXT NOT NULL, price INTEGER NOT NULL, base_price INTEGER NOT NULL,
    quantity INTEGER NOT NULL, amount INTEGER NOT NULL, vat_rate INTEGER, vat_included TEXT NOT NULL,
    measure_code INTEGER NOT NULL,
    UNIQUE (order_id, row_id)
);
CREATE INDEX IF NOT EXISTS basket_item_row ON basket_item (row_id);

CREATE TABLE IF NOT EXISTS payment (
    id INTEGER PRIMARY KEY AUTOINCREMENT, order_id INTEGER NOT NULL, account_number TEXT NOT NULL,
    paid TEXT NOT NULL DEFAULT 'N', date_paid TEXT, emp_paid_id INTEGER, pay_system_id INTEGER NOT NULL,
    pay_system_name TEXT NOT NULL, sum INTEGER NOT NULL DEFAULT 0, currency TEXT NOT NULL, date_bill TEXT NOT NULL,
    access TEXT NOT NULL, short_code TEXT NOT NULL UNIQUE
);
CREATE INDEX IF NOT EXISTS payment_order ON payment (order_id);

-- A product of a payment (basket_item_id) or a delivery of it (shipment_id).
CREATE TABLE IF NOT EXISTS payment_item (
    id INTEGER PRIMARY KEY AUTOINCREMENT, payment_id INTEGER NOT NULL, basket_item_id INTEGER, shipment_id INTEGER,
    quantity INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS payment_item_payment ON payment_item (payment_id);
CREATE INDEX IF NOT EXISTS payment_item_basket ON payment_item (basket_item_id);

CREATE TABLE IF NOT EXISTS shipment (
    id INTEGER PRIMARY KEY AUTOINCREMENT, order_id INTEGER NOT NULL, account_number TEXT NOT NULL,
    delivery_id INTEGER NOT NULL, delivery_name TEXT NOT NULL, price_delivery INTEGER NOT NULL,
    currency TEXT NOT NULL, allow_delivery TEXT NOT NULL DEFAULT 'N', deducted TEXT NOT NULL DEFAULT 'N',
    date_deducted TEXT, system TEXT NOT NULL DEFAULT 'N', status_id TEXT NOT NULL DEFAULT 'DN',
    comments TEXT NOT NULL DEFAULT '', tracking_number TEXT NOT NULL DEFAULT '', date_insert TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS shipment_order ON shipment (order_id);

CREATE TABLE IF NOT EXISTS shipment_item (
    id INTEGER PRIMARY KEY AUTOINCREMENT, shipment_id INTEGER NOT NULL, basket_item_id INTEGER NOT NULL,
    quantity INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS shipment_item_basket ON shipment_item (basket_item_id);
CREATE INDEX IF NOT EXISTS shipment_item_shipment ON shipment_item (shipment_id);
